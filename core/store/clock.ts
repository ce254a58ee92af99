import { formatTime } from '../jamjet/time.ts';
import { DatabaseError } from './errors.ts';

/** The last moment of the year 9999, beyond which a time has no RFC 3339 form. */
const LAST = Date.UTC(10_000, 0) - 1;

/** The time some milliseconds after that of a clock, as the runtime writes it. @throws DatabaseError when it cannot be written. */
export function timeAfter(clock: () => number, milliseconds = 0): string {
  const at = clock() + milliseconds;
  if (!(at >= 0 && at <= LAST)) throw new DatabaseError(`${at} milliseconds after 1970 is not a time that can be stored; is the clock of the store right?`);
  return formatTime(at);
}
