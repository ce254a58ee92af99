import type { SliceWant } from '../contract/frame.ts';
import type { FoundLines, TextLines } from '../contract/slices/text.ts';
import type { Pointer } from '../json/pointer.ts';
import { jsonPieces } from '../json/print.ts';
import type { Json } from '../json/value.ts';
import { visible } from '../visible.ts';
import { containerAt, FoldedLines } from './folded-lines.ts';
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
  #ends: number[] = [];
  #folded: { readonly value: Json; readonly pointers: string; readonly lines: FoldedLines } | undefined;
  #bytes = 0;
  #found: { readonly text: string; readonly sought: string; readonly lines: Promise<FoundLines> } | undefined;

  async page(value: Json, { from, count, find, folded = [] }: SliceWant<'text'>, pause: Pause): Promise<TextLines> {
    await this.#show(value, pause);
    // What is sought may be in any line.
    const rows = this.#fold(value, find === undefined ? folded : []);
    const lines: string[] = [];
    const numbers: number[] = [];
    const folds: ('open' | 'folded' | null)[] = [];
    for (let row = from; row < Math.min(from + count, rows.total); row++) {
      const { line, last } = rows.at(row);
      lines.push(visible(cutText(this.#line(line), LINE_LENGTH).text) + (last === undefined ? '' : ` … ${this.#line(last).trimStart()}`));
      numbers.push(line);
      folds.push((this.#ends[line] as number) === 0 ? null : last === undefined ? 'open' : 'folded');
    }
    const [all, bytes] = [this.#starts.length, this.#bytes];
    return { from, total: rows.total, all, bytes, lines, numbers, folds, found: find === undefined ? null : await this.#find(find, pause) };
  }

  /** The path of the container that begins on a line of the text of a value; undefined when none begins there. */
  async containerAt(value: Json, line: number, pause: Pause): Promise<Pointer | undefined> {
    await this.#show(value, pause);
    return containerAt({ value, ends: this.#ends }, line);
  }

  async #show(value: Json, pause: Pause): Promise<void> {
    // Another frame may have printed another value while this one was printed.
    while (this.#value !== value) await this.#print(value, pause);
  }

  #line(line: number): string {
    const end = this.#starts[line + 1];
    return this.#text.slice(this.#starts[line], end === undefined ? undefined : end - 1);
  }

  /** Cached like the text. */
  #fold(value: Json, folded: readonly Pointer[]): FoldedLines {
    const pointers = JSON.stringify(folded);
    if (this.#folded?.value !== value || this.#folded.pointers !== pointers) {
      this.#folded = { value, pointers, lines: new FoldedLines({ value, ends: this.#ends }, folded) };
    }
    return this.#folded.lines;
  }

  /** The last answer is cached, too. */
  async #find(sought: string, pause: Pause): Promise<FoundLines> {
    const [text, starts] = [this.#text, this.#starts];
    if (this.#found?.text !== text || this.#found.sought !== sought) this.#found = { text, sought, lines: foundLines(text, starts, sought, pause) };
    return this.#found.lines;
  }

  async #print(value: Json, pause: Pause): Promise<void> {
    const pacer = new Pacer(pause);
    const [starts, ends] = [[0], [0]];
    /** The lines on which the containers begin that have not ended. */
    const open: number[] = [];
    let [text, bytes] = ['', 0];
    for (const piece of jsonPieces(value, { pretty: true, sorted: true })) {
      for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) {
        // A string ends with a quote, so only a container begins or ends with a bracket.
        const before = piece[at - 1];
        if (before === '{' || before === '[') open.push(starts.length - 1);
        let next = at + 1;
        while (piece[next] === ' ') next++;
        if (piece[next] === '}' || piece[next] === ']') ends[open.pop() as number] = starts.length;
        starts.push(text.length + at + 1);
        ends.push(0);
      }
      text += piece;
      bytes += Buffer.byteLength(piece);
      if (pacer.isDue) await pacer.pause();
    }
    this.#value = value;
    this.#text = text;
    this.#starts = starts;
    this.#ends = ends;
    this.#bytes = bytes;
  }
}
