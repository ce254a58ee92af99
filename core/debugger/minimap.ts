import type { Minimap } from '../contract/executions.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Category } from '../jamjet/kinds.ts';
import { History } from '../replay/history.ts';
import type { Source } from '../source/port.ts';
import { MINIMAP_CELLS, type MinimapCell } from '../vocabulary.ts';

/** A longer one is not read for a list. */
const MOST_EVENTS = 3000;
const CELLS = 48;

/** The index of its cell among MINIMAP_CELLS; 0 for every other category. */
const GRAVITY: Readonly<Partial<Record<Category, number>>> = { failure: 3, human: 2, budget: 1, policy: 1 };

/** An execution in miniature: its events in order, and what was gravest in each stretch of them. */
export async function minimapOf(source: Source, id: ExecutionId, signal?: AbortSignal): Promise<Minimap> {
  const last = await source.head(id, signal);
  if (last === 0 || last > MOST_EVENTS) return null;
  const history = new History(null);
  for await (const chunk of source.scan(id, 0, signal)) history.append(chunk);
  const cells = Math.min(CELLS, history.count);
  return Array.from({ length: cells }, (_, cell) => {
    let gravity = 0;
    for (let position = Math.floor((cell * history.count) / cells); position < Math.floor(((cell + 1) * history.count) / cells); position++) {
      gravity = Math.max(gravity, GRAVITY[history.categoryOf(position)] ?? 0);
    }
    return MINIMAP_CELLS[gravity] as MinimapCell;
  });
}
