import type { ExportChoice, ExportPreview } from '../../contract/export.ts';
import { storyLine, storyOf } from '../../explain/story.ts';
import { csvLine } from '../../export/cells.ts';
import { changesTable, eventTable } from '../../export/event-table.ts';
import { eventLines } from '../../export/events.ts';
import { safeFileName } from '../../export/file-name.ts';
import { momentJson } from '../../export/state.ts';
import { FaultError } from '../../fault.ts';
import { shortId } from '../../jamjet/ids.ts';
import { jsonPieces } from '../../json/print.ts';
import { type Json, JsonMap } from '../../json/value.ts';
import { diffJson } from '../../replay/diff.ts';
import { mergePatchOf } from '../../replay/merge-patch.ts';
import { unifiedDiff } from '../../replay/unified-diff.ts';
import type { ExportForm } from '../../vocabulary.ts';
import { explainedRun } from '../explained-run.ts';
import { filterOf } from '../filtered-events.ts';
import type { OpenExecution } from '../open-execution.ts';
import { Pacer } from '../pacing.ts';
import { tracksOf } from '../tracks.ts';
import { momentAt } from './moments.ts';

const PREVIEW_LENGTH = 16 * 1024;

type Exported = Omit<ExportChoice, 'source' | 'execution'>;
/** A part of the exported text, and the last sequence in it. */
interface Piece {
  readonly text: string | Buffer;
  readonly last: number;
}

/** The exported text. Except for events without a filter, the execution must be indexed up to the cursor; for a story, whole. */
export async function* exportPieces(execution: OpenExecution, choice: Exported, signal?: AbortSignal): AsyncGenerator<Piece> {
  const { from = 1 } = choice;
  if (from > choice.sequence && (choice.kind === 'events' || choice.kind === 'tracks'))
    throw new FaultError('bad-request', { detail: `there is nothing from #${from} to #${choice.sequence}; move the cursor, or choose an earlier first event` });
  if (choice.kind === 'events') return yield* eventPieces(execution, choice, signal);
  if (choice.kind === 'tracks') return yield* trackPieces(execution, choice, signal);
  if (choice.kind === 'story') return yield* storyPieces(execution, choice.form === 'jsonl' ? 'jsonl' : 'markdown', signal);
  const { kind, sequence: last, reading, form } = choice;
  if (kind === 'diff') {
    for (const text of await diffPieces(execution, choice)) yield { text, last };
    return;
  }
  const moment = await momentAt(execution, last, reading);
  const value = kind === 'state' ? momentJson(moment) : moment.currentState;
  for (const text of jsonPieces(value, { sorted: true, pretty: form === 'pretty' })) yield { text, last };
  yield { text: '\n', last };
}

async function* eventPieces(execution: OpenExecution, { sequence: to, from, filter = '', form }: Exported, signal?: AbortSignal): AsyncGenerator<Piece> {
  const { source, id } = execution;
  const only = filter.trim() === '' ? undefined : await filterOf(execution, filter, execution.pause, signal);
  if (form === 'csv' || form === 'markdown') yield* eventTable(source, id, { from, to }, form, { filter: only, signal });
  else yield* eventLines(source, id, { from, to }, signal, only);
}

async function diffPieces(execution: OpenExecution, { sequence, against = 0, reading, form }: Exported): Promise<Iterable<string>> {
  const [before, after] = [await execution.stateIn(against, reading), await execution.stateIn(sequence, reading)];
  if (form === 'markdown') return [changesTable(diffJson(before, after).changes)];
  if (form === 'unified') return unifiedPieces(before, after, { against, sequence });
  const patch = form === 'json-patch' ? jsonPatchOf(before, after) : mergePatchOf(before, after);
  if (patch === undefined) throw new FaultError('bad-request', { detail: 'a merge patch cannot set a value to null; take a JSON Patch' });
  return [...jsonPieces(patch, { pretty: true }), '\n'];
}

/** The unified diff of the texts of two states, which are named by their sequences. */
export function* unifiedPieces(before: Json, after: Json, { against, sequence }: { readonly against: number; readonly sequence: number }): Generator<string> {
  yield `--- state at #${against}\n+++ state at #${sequence}\n`;
  let text = '';
  for (const line of unifiedDiff(before, after)) {
    if (line !== undefined) text += `${line.op === '@' ? '' : line.op}${line.text}\n`;
    if (line !== undefined && text.length < PREVIEW_LENGTH) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** The changes as a JSON Patch (RFC 6902). */
export function jsonPatchOf(before: Json, after: Json): Json {
  return diffJson(before, after).changes.map(({ op, path, new: value }) => {
    const operation = new JsonMap().set('op', op).set('path', path);
    return value === undefined ? operation : operation.set('value', value);
  });
}

/** A row for each event, with the exact values of the tracks after it, and a note where one of them is only a part; an empty cell where there is no number. */
async function* trackPieces(execution: OpenExecution, { sequence: to, from = 1, tracks = [] }: Exported, signal?: AbortSignal): AsyncGenerator<Piece> {
  const { history, pause } = execution;
  const of = tracksOf(execution);
  for (const track of tracks) await of.series(track, pause, signal ?? new AbortController().signal);
  const stateAfter = history.states.walk();
  const end = history.positionAt(to);
  const pacer = new Pacer(pause);
  let text = csvLine(['sequence', 'time', ...tracks, 'note']);
  for (let position = history.positionAt(from - 1) + 1; position <= end; position++) {
    const state = stateAfter(history.patches.countUpTo(position));
    const time = history.timeOf(position);
    const values = tracks.map((track) => of.valueAt(track, position, state));
    const notes = values.flatMap(({ track, text: number, note }) => (number === null || note === null ? [] : [`${track} ${note}`]));
    text += csvLine([
      String(history.sequenceOf(position)),
      Number.isFinite(time) ? new Date(time).toISOString() : '',
      ...values.map(({ text: number }) => number ?? ''),
      notes.join('; '),
    ]);
    if (text.length < PREVIEW_LENGTH && position < end) continue;
    yield { text, last: history.sequenceOf(position) };
    text = '';
    if (pacer.isDue) await pacer.pause(signal);
  }
  if (text !== '') yield { text, last: to };
}

/** The whole story, whatever the cursor is: a line says how its turn or its node ended. */
async function* storyPieces(execution: OpenExecution, form: 'markdown' | 'jsonl', signal?: AbortSignal): AsyncGenerator<Piece> {
  const pacer = new Pacer(execution.pause);
  let [text, last] = ['', 0];
  for await (const line of storyOf(await explainedRun(execution, signal))) {
    text += storyLine(line, form);
    last = Math.max(last, line.to);
    if (pacer.isDue) await pacer.pause(signal);
    if (text.length < PREVIEW_LENGTH) continue;
    yield { text, last };
    text = '';
  }
  if (text !== '') yield { text, last };
}

/** The beginning of the text that would be written. */
export async function exportPreview(execution: OpenExecution, choice: Exported, signal?: AbortSignal): Promise<ExportPreview> {
  let text = '';
  let cut = false;
  let bytes: number | null = 0;
  const isLong = choice.kind === 'events' || choice.kind === 'tracks' || choice.kind === 'story';
  const pacer = new Pacer(execution.pause);
  for await (const piece of exportPieces(execution, choice, signal)) {
    if (text.length < PREVIEW_LENGTH) text += piece.text.toString();
    else cut = true;
    bytes += Buffer.byteLength(piece.text);
    // They may be gigabytes; their size is known once they are written.
    if (text.length > PREVIEW_LENGTH && isLong) {
      [bytes, cut] = [null, true];
      break;
    }
    if (pacer.isDue) await pacer.pause(signal);
  }
  return { text: text.slice(0, PREVIEW_LENGTH), cut: cut || text.length > PREVIEW_LENGTH, bytes, fileName: exportName(execution, choice) };
}

const EXTENSIONS: Readonly<Record<ExportForm, string>> = {
  pretty: 'json',
  canonical: 'json',
  jsonl: 'jsonl',
  csv: 'csv',
  markdown: 'md',
  'json-patch': 'json',
  'merge-patch': 'json',
  unified: 'diff',
};

function exportName({ id, row }: OpenExecution, { kind, form, sequence, from = 1, against = 0, filter = '', reading }: Exported): string {
  const name = `${row.workflowId}-${shortId(id).replace('…', '-')}`;
  const places = {
    state: `state-at-${sequence}`,
    current_state: `current-state-at-${sequence}`,
    events: `events-${filter.trim() === '' ? '' : 'filtered-'}${from > 1 ? `from-${from}-` : ''}to-${sequence}`,
    diff: `diff-${against}-to-${sequence}`,
    story: 'story',
    tracks: `tracks-${from > 1 ? `from-${from}-` : ''}to-${sequence}`,
  };
  const ofReading = reading === 'replay' || kind === 'events' || kind === 'tracks' || kind === 'story' ? '' : `-${reading}`;
  return safeFileName(`${name}-${places[kind]}${ofReading}.${EXTENSIONS[form]}`);
}
