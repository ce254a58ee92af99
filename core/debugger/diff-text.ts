import type { DiffTextLines, DiffTextWant } from '../contract/slices/diff-text.ts';
import type { Json } from '../json/value.ts';
import { type DiffLine, unifiedDiff } from '../replay/unified-diff.ts';
import { visible } from '../visible.ts';
import { Pacer, type Pause } from './pacing.ts';
import { cutText } from './value-text.ts';

/** More lines are copied and exported, but not shown. */
const MAX_LINES = 100_000;
/** Longer lines are cut on screen. */
const LINE_LENGTH = 4000;

/** The unified diff of two states, by lines. The last one is cached, so that scrolling is fast. */
export class DiffText {
  #last: { readonly before: Json; readonly after: Json; readonly lines: readonly DiffLine[]; readonly more: boolean } | undefined;

  async page(before: Json, after: Json, { from, count }: DiffTextWant, pause: Pause): Promise<DiffTextLines> {
    let last = this.#last;
    if (last?.before !== before || last.after !== after) {
      last = { before, after, ...(await shownLines(before, after, pause)) };
      this.#last = last;
    }
    const { lines, more } = last;
    const shown = lines.slice(from, from + count).map(({ op, text }) => ({ op, text: visible(cutText(text, LINE_LENGTH).text) }));
    return { from, total: lines.length, more, lines: shown };
  }
}

async function shownLines(before: Json, after: Json, pause: Pause): Promise<{ readonly lines: readonly DiffLine[]; readonly more: boolean }> {
  const pacer = new Pacer(pause);
  const lines: DiffLine[] = [];
  for (const line of unifiedDiff(before, after)) {
    if (line !== undefined && lines.length >= MAX_LINES) return { lines, more: true };
    if (line !== undefined) lines.push(line);
    if (pacer.isDue) await pacer.pause();
  }
  return { lines, more: false };
}
