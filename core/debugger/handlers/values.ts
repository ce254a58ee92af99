import type { HandlersFor } from '../../contract/contract.ts';
import { FaultError } from '../../fault.ts';
import { valueAt } from '../../json/pointer.ts';
import { jsonPieces } from '../../json/print.ts';
import type { Engine } from '../engine.ts';
import { Pacer } from '../pacing.ts';

/** As many characters as the host copies. */
const MAX_COPIED = 10_000_000;

export function valueHandlers(engine: Engine) {
  return {
    'values.text': async ({ reading, pointer, ...cursor }, signal) => {
      const value = valueAt(await (await engine.ready(cursor, signal)).stateIn(cursor.sequence, reading), pointer);
      if (value === undefined) throw new FaultError('bad-request', { detail: `there is nothing at ${pointer} here` });
      if (typeof value === 'string') return { text: value };
      let text = '';
      const pacer = new Pacer(engine.pause);
      for (const piece of jsonPieces(value, { pretty: true, sorted: true })) {
        text += piece;
        if (text.length > MAX_COPIED)
          throw new FaultError('too-large', { subject: 'The value', detail: `more than ${MAX_COPIED.toLocaleString('en')} characters` });
        if (pacer.isDue) await pacer.pause(signal);
      }
      return { text };
    },
  } satisfies HandlersFor<'values'>;
}
