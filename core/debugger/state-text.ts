import type { TextLines } from '../contract/slices/text.ts';
import { printJson } from '../json/print.ts';
import type { Json } from '../json/value.ts';
import { cutText } from './value-text.ts';

/** Longer lines are cut on screen, but not when they are copied or exported. */
const LINE_LENGTH = 4000;

/** The exact text of a value, by lines. The last text is cached, so that scrolling is fast. */
export class StateText {
  #value: Json | undefined;
  #text = '';
  #starts: number[] = [];
  #bytes = 0;

  page(value: Json, from: number, count: number): TextLines {
    if (this.#value !== value) this.#print(value);
    const lines: string[] = [];
    for (let line = from; line < Math.min(from + count, this.#starts.length); line++) {
      const end = this.#starts[line + 1];
      lines.push(cutText(this.#text.slice(this.#starts[line], end === undefined ? undefined : end - 1), LINE_LENGTH).text);
    }
    return { from, total: this.#starts.length, bytes: this.#bytes, lines };
  }

  #print(value: Json): void {
    this.#value = value;
    this.#text = printJson(value, { pretty: true, sorted: true });
    this.#bytes = Buffer.byteLength(this.#text);
    this.#starts = [0];
    for (let at = this.#text.indexOf('\n'); at >= 0; at = this.#text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }
}
