import type { Params } from '../contract.ts';
import { eventLines } from '../export/events.ts';
import { safeFileName } from '../export/file-name.ts';
import { momentJson } from '../export/state.ts';
import { shortId } from '../jamjet/ids.ts';
import { printJson } from '../json/print.ts';
import type { ExportPreview } from '../replies.ts';
import type { OpenExecution } from './execution.ts';
import { momentAt } from './moment.ts';

export type ExportWhat = Params<'export.preview'>;

const PREVIEW_LENGTH = 16 * 1024;

/** The exported text, in pieces, each with how far it comes. */
export async function* exportPieces(
  execution: OpenExecution,
  { what, sequence, reading, style }: ExportWhat,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly text: string | Buffer; readonly last: number }> {
  if (what === 'events') return yield* eventLines(execution.source, execution.id, { to: sequence }, signal);
  const moment = await momentAt(execution, sequence, reading);
  const value = what === 'materialized' ? momentJson(moment) : moment.currentState;
  yield { text: `${printJson(value, { sorted: true, pretty: style === 'pretty' })}\n`, last: sequence };
}

/** The beginning of what would be written. */
export async function exportPreview(execution: OpenExecution, what: ExportWhat): Promise<ExportPreview> {
  let text = '';
  let whole = true;
  for await (const piece of exportPieces(execution, what)) {
    text += piece.text.toString();
    if (text.length > PREVIEW_LENGTH && what.what === 'events') {
      whole = false;
      break;
    }
  }
  return { text: text.slice(0, PREVIEW_LENGTH), bytes: whole ? Buffer.byteLength(text) : null, fileName: exportName(execution, what) };
}

function exportName(execution: OpenExecution, { what, sequence, reading }: ExportWhat): string {
  const run = `${execution.row.workflowId}-${shortId(execution.id).replace('…', '-')}`;
  if (what === 'events') return safeFileName(`${run}-events-to-${sequence}.jsonl`);
  return safeFileName(`${run}-${what === 'current_state' ? 'current-state' : 'state'}-at-${sequence}${reading === 'replay' ? '' : `-${reading}`}.json`);
}
