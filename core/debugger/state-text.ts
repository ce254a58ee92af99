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

/** The text of a value, and where its lines and containers begin and end. */
interface Printed {
  readonly value: Json;
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
}

/**
 * The exact text of a value, by lines. What was made last is cached, so that scrolling is fast. Several texts may be made at the
 * same time, so each answer is made of what it has itself printed, not of what is in the cache when it goes on.
 */
export class StateText {
  #last: Printed | undefined;
  #folded: { readonly value: Json; readonly pointers: string; readonly lines: FoldedLines } | undefined;
  #found: { readonly text: string; readonly sought: string; readonly lines: Promise<FoundLines> } | undefined;

  async page(value: Json, { from, count, find, folded = [] }: SliceWant<'text'>, pause: Pause): Promise<TextLines> {
    const printed = await this.#print(value, pause);
    const { starts, ends, bytes } = printed;
    // What is sought may be in any line.
    const rows = this.#fold(printed, find === undefined ? folded : []);
    const lines: string[] = [];
    const numbers: number[] = [];
    const folds: ('open' | 'folded' | null)[] = [];
    for (let row = from; row < Math.min(from + count, rows.total); row++) {
      const { line, last } = rows.at(row);
      lines.push(visible(cutText(lineOf(printed, line), LINE_LENGTH).text) + (last === undefined ? '' : ` … ${lineOf(printed, last).trimStart()}`));
      numbers.push(line);
      folds.push((ends[line] as number) === 0 ? null : last === undefined ? 'open' : 'folded');
    }
    const found = find === undefined ? null : await this.#find(printed, find, pause);
    return { from, total: rows.total, all: starts.length, bytes, lines, numbers, folds, found };
  }

  /** The path of the container that begins on a line of the text of a value; undefined when none begins there. */
  async containerAt(value: Json, line: number, pause: Pause): Promise<Pointer | undefined> {
    return containerAt(await this.#print(value, pause), line);
  }

  async #print(value: Json, pause: Pause): Promise<Printed> {
    if (this.#last?.value === value) return this.#last;
    const printed = await printedLines(value, pause);
    this.#last = printed;
    return printed;
  }

  /** Cached like the text. */
  #fold(printed: Printed, folded: readonly Pointer[]): FoldedLines {
    const pointers = JSON.stringify(folded);
    const last = this.#folded;
    if (last?.value === printed.value && last.pointers === pointers) return last.lines;
    const lines = new FoldedLines(printed, folded);
    this.#folded = { value: printed.value, pointers, lines };
    return lines;
  }

  /** The last answer is cached, too. */
  #find({ text, starts }: Printed, sought: string, pause: Pause): Promise<FoundLines> {
    const last = this.#found;
    if (last?.text === text && last.sought === sought) return last.lines;
    const lines = foundLines(text, starts, sought, pause);
    this.#found = { text, sought, lines };
    return lines;
  }
}

function lineOf({ text, starts }: Printed, line: number): string {
  const end = starts[line + 1];
  return text.slice(starts[line], end === undefined ? undefined : end - 1);
}

async function printedLines(value: Json, pause: Pause): Promise<Printed> {
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
  return { value, text, starts, ends, bytes };
}
