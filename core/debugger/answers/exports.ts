import type { ExportChoice, ExportPreview } from '../../contract/export.ts';
import { eventLines } from '../../export/events.ts';
import { safeFileName } from '../../export/file-name.ts';
import { momentJson } from '../../export/state.ts';
import { shortId } from '../../jamjet/ids.ts';
import { jsonPieces } from '../../json/print.ts';
import type { OpenExecution } from '../open-execution.ts';
import { Pacer } from '../pacing.ts';
import { momentAt } from './moments.ts';

const PREVIEW_LENGTH = 16 * 1024;

type Exported = Omit<ExportChoice, 'source' | 'execution'>;

/** The exported text in pieces, each with its last sequence. To export a state, the execution must be indexed up to it. */
export async function* exportPieces(
  execution: OpenExecution,
  { kind, sequence, reading, style }: Exported,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly text: string | Buffer; readonly last: number }> {
  if (kind === 'events') return yield* eventLines(execution.source, execution.id, { to: sequence }, signal);
  const moment = await momentAt(execution, sequence, reading);
  const value = kind === 'state' ? momentJson(moment) : moment.currentState;
  for (const text of jsonPieces(value, { sorted: true, pretty: style === 'pretty' })) yield { text, last: sequence };
  yield { text: '\n', last: sequence };
}

/** The beginning of the text that would be written. */
export async function exportPreview(execution: OpenExecution, choice: Exported, signal?: AbortSignal): Promise<ExportPreview> {
  let text = '';
  let cut = false;
  let bytes: number | null = 0;
  const pacer = new Pacer(execution.pause);
  for await (const piece of exportPieces(execution, choice, signal)) {
    if (text.length < PREVIEW_LENGTH) text += piece.text.toString();
    else cut = true;
    bytes += Buffer.byteLength(piece.text);
    // The events may be gigabytes; their size is known once they are written.
    if (text.length > PREVIEW_LENGTH && choice.kind === 'events') {
      [bytes, cut] = [null, true];
      break;
    }
    if (pacer.isDue) await pacer.pause(signal);
  }
  return { text: text.slice(0, PREVIEW_LENGTH), cut: cut || text.length > PREVIEW_LENGTH, bytes, fileName: exportName(execution, choice) };
}

function exportName({ id, row }: OpenExecution, { kind, sequence, reading }: Exported): string {
  const name = `${row.workflowId}-${shortId(id).replace('…', '-')}`;
  if (kind === 'events') return safeFileName(`${name}-events-to-${sequence}.jsonl`);
  return safeFileName(`${name}-${kind === 'current_state' ? 'current-state' : 'state'}-at-${sequence}${reading === 'replay' ? '' : `-${reading}`}.json`);
}
