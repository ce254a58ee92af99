import type { HandlersFor } from '../../contract/contract.ts';
import { FaultError } from '../../fault.ts';
import { valueAt } from '../../json/pointer.ts';
import { jsonPieces } from '../../json/print.ts';
import { mergePatchOf } from '../../replay/merge-patch.ts';
import { jsonPatchOf, unifiedPieces } from '../answers/exports.ts';
import { artifactText } from '../artifact-text.ts';
import { copiedText } from '../copied-text.ts';
import type { Engine } from '../engine.ts';
import { type FoundValues, findValues, foundRows } from '../found-values.ts';
import type { OpenExecution } from '../open-execution.ts';
import { runPaced } from '../pacing.ts';

interface LastFound {
  readonly question: string;
  readonly found: FoundValues;
}

export function valueHandlers(engine: Engine) {
  /** What was found last in each execution: its pages are requested one by one. */
  const lastFound = new WeakMap<OpenExecution, LastFound>();
  return {
    'values.artifact': async ({ hash, ...run }, signal) => {
      const { source } = await engine.ready({ ...run, sequence: 0 }, signal);
      return artifactText(await source.artifact(hash, signal), hash);
    },
    'values.find': async ({ reading, text, from, count, ...cursor }, cancelled) => {
      const signal = engine.untilClosed(cursor.source, cancelled);
      const execution = await engine.ready(cursor, signal);
      const question = JSON.stringify([cursor.sequence, reading, text]);
      let last = lastFound.get(execution);
      if (last?.question !== question) {
        last = { question, found: await runPaced(findValues(await execution.stateIn(cursor.sequence, reading), text), engine.pause, signal) };
        lastFound.set(execution, last);
      }
      const { rows, matches, matchRows } = last.found;
      const { sequence } = cursor;
      return { sequence, reading, text, from, total: rows.length, rows: foundRows(last.found, from, count), matches, matchRows: Uint32Array.from(matchRows) };
    },
    'values.text': async ({ reading, pointer, style = 'pretty', ...cursor }, signal) => {
      const value = valueAt(await (await engine.ready(cursor, signal)).stateIn(cursor.sequence, reading), pointer);
      if (value === undefined) throw new FaultError('bad-request', { detail: `there is nothing at ${pointer} here` });
      if (typeof value === 'string' && style === 'pretty') return { text: await copiedText([value], 'The text', engine.pause, signal) };
      return { text: await copiedText(jsonPieces(value, { pretty: style === 'pretty', sorted: true }), 'The value', engine.pause, signal) };
    },
    'values.atLine': async ({ reading, line, ...cursor }, signal) => {
      const execution = await engine.ready(cursor, signal);
      return (await execution.text.containerAt(await execution.stateIn(cursor.sequence, reading), line, execution.pause)) ?? null;
    },
    'values.patch': async ({ reading, against, form, ...cursor }, signal) => {
      const execution = await engine.ready({ ...cursor, sequence: Math.max(against, cursor.sequence) }, signal);
      const [before, after] = [await execution.stateIn(against, reading), await execution.stateIn(cursor.sequence, reading)];
      if (form === 'unified')
        return { text: await copiedText(unifiedPieces(before, after, { against, sequence: cursor.sequence }), 'The diff', engine.pause, signal) };
      const patch = form === 'json-patch' ? jsonPatchOf(before, after) : mergePatchOf(before, after);
      if (patch === undefined) throw new FaultError('bad-request', { detail: 'a merge patch cannot set a value to null; copy a JSON Patch' });
      return { text: await copiedText(jsonPieces(patch, { pretty: true }), 'The patch', engine.pause, signal) };
    },
  } satisfies HandlersFor<'values'>;
}
