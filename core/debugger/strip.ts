import type { ExecutionId } from '../jamjet/ids.ts';
import type { Category } from '../jamjet/kinds.ts';
import { History } from '../replay/history.ts';
import type { RunStrip, StripCell } from '../replies.ts';
import type { Source } from '../source/port.ts';

/** A longer run is not read for a list. */
const MOST_EVENTS = 3000;
const CELLS = 48;

const WEIGHTS: Readonly<Partial<Record<Category, number>>> = { failure: 3, human: 2, budget: 1, policy: 1 };
const CELL_KINDS: readonly StripCell[] = ['work', 'limit', 'human', 'failure'];

/** A run in miniature: its events in order, and what mattered most in each stretch of them. */
export async function runStrip(source: Source, id: ExecutionId, signal?: AbortSignal): Promise<RunStrip> {
  const last = await source.head(id, signal);
  if (last === 0 || last > MOST_EVENTS) return null;
  const history = new History(null);
  for await (const chunk of source.scan(id, 0, signal)) history.append(chunk);
  const cells = Math.min(CELLS, history.count);
  return Array.from({ length: cells }, (_, cell) => {
    let weight = 0;
    for (let row = Math.floor((cell * history.count) / cells); row < Math.floor(((cell + 1) * history.count) / cells); row++) {
      weight = Math.max(weight, WEIGHTS[history.categoryOf(row)] ?? 0);
    }
    return CELL_KINDS[weight] as StripCell;
  });
}
