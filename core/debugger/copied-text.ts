import { MAX_COPIED } from '../contract/values.ts';
import { FaultError } from '../fault.ts';
import { Pacer, type Pause } from './pacing.ts';

/**
 * The whole text of some pieces, for the clipboard.
 *
 * @param subject what it is, for the Fault.
 * @throws FaultError `too-large`
 */
export async function copiedText(pieces: Iterable<string> | AsyncIterable<string>, subject: string, pause: Pause, signal: AbortSignal): Promise<string> {
  const pacer = new Pacer(pause);
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > MAX_COPIED) throw new FaultError('too-large', { subject, detail: `more than ${MAX_COPIED.toLocaleString('en')} characters` });
    if (pacer.isDue) await pacer.pause(signal);
  }
  return text;
}
