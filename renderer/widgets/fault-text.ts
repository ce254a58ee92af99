import type { Fault } from '../../core/fault.ts';
import { explain } from '../../core/fault.ts';

/** The sentence a Fault is shown by; the one table of them is the core's. */
export function faultText(fault: Fault): string {
  return explain(fault);
}
