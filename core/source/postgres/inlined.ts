import pg from 'pg';

/** A value of a parameter. */
export type Value = string | number | readonly string[];

/**
 * A statement with its values in it, for a text of several statements, which cannot have parameters. As literals without a
 * type they mean what parameters without one mean.
 *
 * @param sql in which `$1`, `$2`, … are parameters, but for those in names and literals in quotes.
 */
export function inlined(sql: string, values: readonly Value[]): string {
  return sql.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(\d+)/g, (found, number?: string) =>
    number === undefined ? found : literal(values[Number(number) - 1] ?? ''),
  );
}

function literal(value: Value): string {
  if (typeof value === 'object') return pg.escapeLiteral(`{${value.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
  return pg.escapeLiteral(String(value));
}
