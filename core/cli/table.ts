import { styleText } from 'node:util';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import type { Plain } from '../json/plain.ts';
import { fromPlain } from '../json/plain.ts';
import { printJson } from '../json/print.ts';
import { visible } from '../visible.ts';
import { write, writeValue } from './output.ts';

/** A column of a table for people: a key of the rows, and its heading. */
export interface Column {
  readonly key: string;
  readonly heading: string;
  /** Numbers are aligned to the right. */
  readonly right?: true;
  /** The most characters, if that is less than what is left of the terminal. */
  readonly max?: number;
}

interface AnswerOptions {
  readonly json?: true | undefined;
}

/** Whether somebody reads the output, who gets tables; programs and `--json` get JSON. */
export function isForPeople({ json }: AnswerOptions): boolean {
  return process.stdout.isTTY && json !== true;
}

/** Writes rows as a table for people, or as one JSON value. */
export async function writeRows(rows: Plain, columns: readonly Column[], options: AnswerOptions): Promise<void> {
  if (!isForPeople(options) || !Array.isArray(rows)) return writeValue(fromPlain(rows), { compact: options.json });
  await write(tableOf(rows as readonly Row[], columns));
}

export type Row = { readonly [key: string]: Plain };

const GAP = '  ';

/** The lines of a table that is no wider than the terminal. Only text is cut, never a number or an id. */
export function tableOf(rows: readonly Row[], columns: readonly Column[]): string {
  const shown = columns.filter(({ key }) => rows.some((row) => row[key] !== undefined && row[key] !== null));
  const cells = rows.map((row) => shown.map(({ key, max }) => cut(textOf(row[key]), max ?? Number.POSITIVE_INFINITY)));
  const widths = shown.map(({ heading }, i) => Math.max(stringWidth(heading), ...cells.map((line) => stringWidth(line[i] as string))));
  // The last column has what the others leave.
  const others = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const last = Math.max(10, (process.stdout.columns || 80) - others);
  const line = (texts: readonly string[], style: (text: string, i: number) => string): string =>
    `${texts
      .map((text, i) => {
        const fitted = i === texts.length - 1 ? cut(text, last) : text;
        const padding = ' '.repeat(Math.max(0, (widths[i] as number) - stringWidth(fitted)));
        if (shown[i]?.right) return padding + style(fitted, i);
        return i === texts.length - 1 ? style(fitted, i) : style(fitted, i) + padding;
      })
      .join(GAP)}\n`;
  const head = line(
    shown.map(({ heading }) => heading),
    (text) => coloured('bold', text),
  );
  return head + cells.map((texts) => line(texts, (text, i) => coloured(colourOf(shown[i]?.key, text), text))).join('');
}

function cut(text: string, width: number): string {
  return Number.isFinite(width) ? cliTruncate(text, width) : text;
}

function textOf(value: Plain | undefined): string {
  if (value === undefined || value === null) return '';
  return visible(typeof value === 'string' ? value : printJson(fromPlain(value)));
}

type Colour = 'bold' | 'green' | 'red' | 'yellow' | 'none';

/** Colours only on a terminal, and not with NO_COLOR (no-color.org); `styleText` knows both. */
function coloured(colour: Colour, text: string): string {
  return colour === 'none' ? text : styleText(colour, text, { stream: process.stdout });
}

/** The words that have a colour, which only repeats what they say. */
const COLOURS: Readonly<Record<string, Colour>> = {
  completed: 'green',
  matches: 'green',
  add: 'green',
  true: 'green',
  failed: 'red',
  limit_exceeded: 'red',
  remove: 'red',
  unreadable: 'red',
  differs: 'yellow',
  paused: 'yellow',
  replace: 'yellow',
};

function colourOf(key: string | undefined, text: string): Colour {
  if (key === 'type') return /fail|unreadable|exceeded|cancelled/.test(text) ? 'red' : 'none';
  return key === 'status' || key === 'verdict' || key === 'op' || key === 'value' ? (COLOURS[text] ?? 'none') : 'none';
}
