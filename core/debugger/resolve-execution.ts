import { FaultError } from '../fault.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Source } from '../source/port.ts';

/**
 * The full id for what a user entered: an id in any spelling, or the beginning of exactly one.
 *
 * @throws FaultError `no-such-execution` or `ambiguous-execution`.
 */
export async function resolveExecution(source: Source, text: string, signal?: AbortSignal): Promise<ExecutionId> {
  const found = await source.resolve(text, 4, signal);
  const [first] = found;
  if (first === undefined) throw new FaultError('no-such-execution', { subject: text });
  if (found.length > 1 && !found.includes(text)) throw new FaultError('ambiguous-execution', { subject: text, detail: found.slice(0, 3).join(', ') });
  return found.includes(text) ? text : first;
}
