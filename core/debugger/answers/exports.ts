import type { ExportChoice, ExportPreview } from '../../contract/export.ts';
import { eventLines } from '../../export/events.ts';
import { safeFileName } from '../../export/file-name.ts';
import { momentJson } from '../../export/state.ts';
import { shortId } from '../../jamjet/ids.ts';
import { printJson } from '../../json/print.ts';
import type { OpenExecution } from '../open-execution.ts';
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
  yield { text: `${printJson(value, { sorted: true, pretty: style === 'pretty' })}\n`, last: sequence };
}

/** The beginning of the text that would be written. */
export async function exportPreview(execution: OpenExecution, choice: Exported, signal?: AbortSignal): Promise<ExportPreview> {
  let text = '';
  let whole = true;
  for await (const piece of exportPieces(execution, choice, signal)) {
    text += piece.text.toString();
    if (text.length > PREVIEW_LENGTH && choice.kind === 'events') {
      whole = false;
      break;
    }
  }
  return {
    text: text.slice(0, PREVIEW_LENGTH),
    cut: text.length > PREVIEW_LENGTH,
    bytes: whole ? Buffer.byteLength(text) : null,
    fileName: exportName(execution, choice),
  };
}

function exportName({ id, row }: OpenExecution, { kind, sequence, reading }: Exported): string {
  const name = `${row.workflowId}-${shortId(id).replace('…', '-')}`;
  if (kind === 'events') return safeFileName(`${name}-events-to-${sequence}.jsonl`);
  return safeFileName(`${name}-${kind === 'current_state' ? 'current-state' : 'state'}-at-${sequence}${reading === 'replay' ? '' : `-${reading}`}.json`);
}
