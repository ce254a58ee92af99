import { visible } from '../visible.ts';

/** A line of a table of comma-separated values (RFC 4180). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}

/** A line of a table of values between tabs, which spreadsheets quote as those between commas. */
export function tsvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')}\n`;
}

/** A row of a table in Markdown, in which nothing of a cell is taken for markup. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map(markdownCell).join(' | ')} |\n`;
}

function markdownCell(text: string): string {
  return visible(text)
    .replaceAll(/[\\`*_{}[\]<>|#~!]/g, '\\$&')
    .replaceAll(/\s+/g, ' ');
}

/** The first two rows of a table in Markdown. */
export function markdownHead(headings: readonly string[]): string {
  return markdownRow(headings) + markdownRow(headings.map(() => '-')).replaceAll('\\-', '-');
}
