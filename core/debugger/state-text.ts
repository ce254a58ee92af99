import type { SliceWant } from '../contract/frame.ts';
import type { FoundLines, TextLines } from '../contract/slices/text.ts';
import { jsonPieces } from '../json/print.ts';
import type { Json } from '../json/value.ts';
import { visible } from '../visible.ts';
import { foundLines } from './found-lines.ts';
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
  #found: { readonly text: string; readonly sought: string; readonly lines: Promise<FoundLines> } | undefined;

  async page(value: Json, { from, count, find }: SliceWant<'text'>, pause: Pause): Promise<TextLines> {
    // Another frame may have printed another value while this one was printed.
    while (this.#value !== value) await this.#print(value, pause);
    const lines: string[] = [];
    for (let line = from; line < Math.min(from + count, this.#starts.length); line++) {
      const end = this.#starts[line + 1];
      lines.push(visible(cutText(this.#text.slice(this.#starts[line], end === undefined ? undefined : end - 1), LINE_LENGTH).text));
    }
    const [total, bytes] = [this.#starts.length, this.#bytes];
    return { from, total, bytes, lines, found: find === undefined ? null : await this.#find(find, pause) };
  }

  /** The last answer is cached, too. */
  async #find(sought: string, pause: Pause): Promise<FoundLines> {
    const [text, starts] = [this.#text, this.#starts];
    if (this.#found?.text !== text || this.#found.sought !== sought) this.#found = { text, sought, lines: foundLines(text, starts, sought, pause) };
    return this.#found.lines;
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
