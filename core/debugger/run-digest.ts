import type { Params } from '../contract/contract.ts';
import type { RunDigest } from '../contract/executions.ts';
import { type Definitions, whyOfOutline } from '../explain/causes.ts';
import { RunOutline } from '../explain/outline.ts';
import { textAt } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import type { Category } from '../jamjet/kinds.ts';
import { CostTrack } from '../replay/cost-track.ts';
import { History } from '../replay/history.ts';
import type { Source } from '../source/port.ts';
import { visible } from '../visible.ts';
import { MINIMAP_CELLS, type MinimapCell } from '../vocabulary.ts';
import { cutText } from './value-text.ts';

/** A longer execution is too slow to read for a list. */
const MAX_EVENTS = 3000;
const CELLS = 48;
const ERROR_LENGTH = 200;

/** The index in MINIMAP_CELLS; 0 for every other category. */
const CELL_RANKS: Readonly<Partial<Record<Category, number>>> = { failure: 3, human: 2, budget: 1, policy: 1 };

const REASON_LENGTH = 400;

type DigestedRow = Params<'executions.digest'>['row'] & { readonly id: string };

/** What a list says of an execution besides its row; null for a long log. */
export async function runDigest(source: Source, row: DigestedRow, definitions: Definitions, signal?: AbortSignal): Promise<RunDigest> {
  const { id } = row;
  const last = await source.head(id, signal);
  if (last > MAX_EVENTS) return null;
  const history = new History(null);
  const costs = new CostTrack();
  const outline = row.status === 'completed' ? undefined : new RunOutline();
  let error: string | null = null;
  for await (const chunk of source.scan(id, 0, signal)) {
    const first = history.count;
    history.append(chunk);
    outline?.append(chunk);
    costs.append(chunk, (position) => history.kindOf(position)?.type);
    for (let i = 0; i < chunk.count; i++) {
      const type = history.kindOf(first + i)?.type;
      // The error of a workflow only names the nodes that failed.
      if (type === 'node_failed' || (type === 'workflow_failed' && error === null)) error = errorOf(textAt(chunk, i)) ?? error;
    }
  }
  const { inputTokens, outputTokens, costUsd, unpriced, retries } = costs.at(history.count - 1);
  const why = outline && (await whyOfOutline(source, outline, row, definitions, signal));
  const reason = why === undefined || why.kind === 'completed' ? null : cutText(visible(why.sentence), REASON_LENGTH).text;
  return { cells: cellsOf(history), tokens: inputTokens + outputTokens, costUsd, unpriced, retries, error, reason };
}

/** Divides the events into cells, each showing the most severe event in it. */
function cellsOf(history: History): MinimapCell[] {
  const cells = Math.min(CELLS, history.count);
  return Array.from({ length: cells }, (_, cell) => {
    let rank = 0;
    for (let position = Math.floor((cell * history.count) / cells); position < Math.floor(((cell + 1) * history.count) / cells); position++) {
      rank = Math.max(rank, CELL_RANKS[history.categoryOf(position)] ?? 0);
    }
    return MINIMAP_CELLS[rank] as MinimapCell;
  });
}

function errorOf(text: string): string | undefined {
  const reading = readEvent(text);
  const error = reading.ok ? reading.event.fields.get('error') : undefined;
  return typeof error === 'string' ? cutText(error, ERROR_LENGTH).text : undefined;
}
