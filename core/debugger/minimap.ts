import type { Minimap } from '../contract/executions.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Category } from '../jamjet/kinds.ts';
import { History } from '../replay/history.ts';
import type { Source } from '../source/port.ts';
import { MINIMAP_CELLS, type MinimapCell } from '../vocabulary.ts';

/** A longer execution is too slow to read for a list. */
const MAX_EVENTS = 3000;
const CELLS = 48;

/** The index in MINIMAP_CELLS; 0 for every other category. */
const CELL_RANKS: Readonly<Partial<Record<Category, number>>> = { failure: 3, human: 2, budget: 1, policy: 1 };

/** Divides the events of an execution into cells, each showing the most severe event in it. @returns null for a long or empty log. */
export async function minimapOf(source: Source, id: ExecutionId, signal?: AbortSignal): Promise<Minimap> {
  const last = await source.head(id, signal);
  if (last === 0 || last > MAX_EVENTS) return null;
  const history = new History(null);
  for await (const chunk of source.scan(id, 0, signal)) history.append(chunk);
  const cells = Math.min(CELLS, history.count);
  return Array.from({ length: cells }, (_, cell) => {
    let rank = 0;
    for (let position = Math.floor((cell * history.count) / cells); position < Math.floor(((cell + 1) * history.count) / cells); position++) {
      rank = Math.max(rank, CELL_RANKS[history.categoryOf(position)] ?? 0);
    }
    return MINIMAP_CELLS[rank] as MinimapCell;
  });
}
