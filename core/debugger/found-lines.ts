import type { FoundLines } from '../contract/slices/text.ts';
import { plainPattern } from '../plain-pattern.ts';
import { Pacer, type Pause } from './pacing.ts';

const MAX_FOUND = 10_000;
/** How much of the text is searched without a pause, in characters. */
const PART = 1_000_000;

/**
 * Finds a plain text, in any case.
 *
 * @param starts where each line starts.
 * @param sought must not contain a line break.
 */
export async function foundLines(text: string, starts: readonly number[], sought: string, pause: Pause): Promise<FoundLines> {
  const pattern = new RegExp(plainPattern(sought), 'giu');
  const pacer = new Pacer(pause);
  const lines: number[] = [];
  let total = 0;
  // The parts begin and end with lines, so that nothing is found twice or missed between two of them.
  for (let line = 0; line < starts.length; ) {
    let next = line + 1;
    while (next < starts.length && (starts[next] as number) - (starts[line] as number) < PART) next++;
    const [from, to] = [starts[line] as number, starts[next] ?? text.length];
    const part = text.slice(from, to);
    pattern.lastIndex = 0;
    for (let match = pattern.exec(part); match !== null; match = pattern.exec(part)) {
      while (line + 1 < starts.length && (starts[line + 1] as number) <= from + match.index) line++;
      if (lines.length < MAX_FOUND) lines.push(line);
      total++;
      // The rest of the line is known to have it.
      pattern.lastIndex = (starts[line + 1] ?? text.length) - from;
      if (pacer.isDue) await pacer.pause();
    }
    line = next;
    if (pacer.isDue) await pacer.pause();
  }
  return { total, lines };
}
