import { csvLine, markdownHead, markdownRow, tsvLine } from '../../export/cells.ts';
import { fromPlain } from '../../json/plain.ts';
import { printJson } from '../../json/print.ts';
import type { ExecutionListing } from '../../source/port.ts';
import type { RowForm } from '../../vocabulary.ts';
import { executionJson } from './executions.ts';

type Cells = readonly (string | number | null)[];

/** Rows of the list of executions as text, piece by piece: ids on lines, JSON as the command line prints it, or a table of the same members. */
export async function* executionRows(rows: AsyncIterable<ExecutionListing>, form: RowForm): AsyncGenerator<string> {
  let isFirst = true;
  for await (const row of rows) {
    const json = { ...executionJson(row), parent_execution_id: row.parentId ?? null, segment_number: row.segment };
    if (form === 'ids') yield `${row.id}\n`;
    else if (form === 'json') yield `${isFirst ? '[\n  ' : ',\n  '}${printJson(fromPlain(json), { pretty: true }).replaceAll('\n', '\n  ')}`;
    else {
      if (isFirst) yield head(Object.keys(json), form);
      yield line(Object.values(json), form);
    }
    isFirst = false;
  }
  if (form === 'json') yield isFirst ? '[]\n' : '\n]\n';
}

function head(names: readonly string[], form: 'tsv' | 'csv' | 'markdown'): string {
  return form === 'markdown' ? markdownHead(names) : line(names, form);
}

function line(cells: Cells, form: 'tsv' | 'csv' | 'markdown'): string {
  const texts = cells.map((cell) => (cell === null ? '' : String(cell)));
  if (form === 'markdown') return markdownRow(texts);
  return form === 'csv' ? csvLine(texts) : tsvLine(texts);
}
