import type { HandlersOf } from '../../contract.ts';
import { FaultError } from '../../fault.ts';
import { valueAt } from '../../json/pointer.ts';
import { printJson } from '../../json/print.ts';
import { diffPage } from '../diff-page.ts';
import type { Engine } from '../engine.ts';
import { frameAt, stateIn } from '../frame.ts';
import { TextPages } from '../text-page.ts';

export function momentHandlers(engine: Engine) {
  const pages = new TextPages();
  return {
    'frame.at': async (params) => frameAt(await engine.execution(params.execution), params),
    'diff.page': async ({ execution, sequence, from, count }) => diffPage(await engine.indexed(execution, sequence), sequence, from, count),
    'state.text': async ({ execution, sequence, reading, from, count }) =>
      pages.page(await stateIn(await engine.indexed(execution, sequence), sequence, reading), from, count),
    'value.text': async ({ execution, sequence, reading, pointer }) => {
      const value = valueAt(await stateIn(await engine.indexed(execution, sequence), sequence, reading), pointer);
      if (value === undefined) throw new FaultError('bad-request', { detail: `there is nothing at ${pointer} here` });
      return { text: typeof value === 'string' ? value : printJson(value, { pretty: true, sorted: true }) };
    },
  } satisfies HandlersOf<'frame' | 'diff' | 'state' | 'value'>;
}
