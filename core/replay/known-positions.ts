import type { History } from './history.ts';

/**
 * The positions of events that are read again, in the order of the log: undefined for one that was written between others
 * after they were indexed.
 *
 * @param from the position of the first one, or one before it.
 */
export function knownPositions(history: Pick<History, 'count' | 'sequenceOf'>, from: number): (sequence: number) => number | undefined {
  let next = from;
  return (sequence) => {
    while (next < history.count && history.sequenceOf(next) < sequence) next++;
    return next < history.count && history.sequenceOf(next) === sequence ? next++ : undefined;
  };
}
