import type { HandlersFor } from '../../contract/contract.ts';
import { FaultError } from '../../fault.ts';
import { valueAt } from '../../json/pointer.ts';
import { jsonPieces } from '../../json/print.ts';
import { copiedText } from '../copied-text.ts';
import type { Engine } from '../engine.ts';

export function valueHandlers(engine: Engine) {
  return {
    'values.text': async ({ reading, pointer, style = 'pretty', ...cursor }, signal) => {
      const value = valueAt(await (await engine.ready(cursor, signal)).stateIn(cursor.sequence, reading), pointer);
      if (value === undefined) throw new FaultError('bad-request', { detail: `there is nothing at ${pointer} here` });
      if (typeof value === 'string' && style === 'pretty') return { text: await copiedText([value], 'The text', engine.pause, signal) };
      return { text: await copiedText(jsonPieces(value, { pretty: style === 'pretty', sorted: true }), 'The value', engine.pause, signal) };
    },
  } satisfies HandlersFor<'values'>;
}
