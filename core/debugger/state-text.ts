import type { TextLines } from '../contract/slices/text.ts';
import { jsonPieces } from '../json/print.ts';
import type { Json } from '../json/value.ts';
import { visible } from '../visible.ts';
import { Pacer, type Pause } from './pacing.ts';
import { cutText } from './value-text.ts';

/** Longer lines are cut on screen, but not when they are copied or exported. */
const LINE_LENGTH = 4000;

/** The exact text of a value, by lines. The last text is cached, so that scrolling is fast. */
export class StateText {
  #value: Json | undefined;
  #text = '';
  #starts: number[] = [];
  #bytes = 0;

  async page(value: Json, from: number, count: number, pause: Pause): Promise<TextLines> {
    // Another frame may have printed another value while this one was printed.
    while (this.#value !== value) await this.#print(value, pause);
    const lines: string[] = [];
    for (let line = from; line < Math.min(from + count, this.#starts.length); line++) {
      const end = this.#starts[line + 1];
      lines.push(visible(cutText(this.#text.slice(this.#starts[line], end === undefined ? undefined : end - 1), LINE_LENGTH).text));
    }
    return { from, total: this.#starts.length, bytes: this.#bytes, lines };
  }

  async #print(value: Json, pause: Pause): Promise<void> {
    const pacer = new Pacer(pause);
    const starts = [0];
    let [text, bytes] = ['', 0];
    for (const piece of jsonPieces(value, { pretty: true, sorted: true })) {
      for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) starts.push(text.length + at + 1);
      text += piece;
      bytes += Buffer.byteLength(piece);
      if (pacer.isDue) await pacer.pause();
    }
    this.#value = value;
    this.#text = text;
    this.#starts = starts;
    this.#bytes = bytes;
  }
}
