/** A place in a database as text: `runtime.db#EXECUTION@SEQUENCE:/path/in/the/state`. Everything behind the execution may be left out. */
export interface DeepLink {
  /** The path or address of the database. */
  readonly location: string;
  /** An id, or the beginning of one. */
  readonly execution: string;
  /** null for the end. */
  readonly sequence: number | null;
  /** A JSON Pointer into the state; undefined for none. */
  readonly path: string | undefined;
}

const LINK = /^(?<location>.+)#(?<execution>[\w-]+)(?:@(?<sequence>\d{1,15}))?(?::(?<path>\/.*))?$/s;

/** @returns undefined when the text is not a link. */
export function parseLink(text: string): DeepLink | undefined {
  const { location, execution, sequence, path } = LINK.exec(text)?.groups ?? {};
  if (location === undefined || execution === undefined) return undefined;
  return { location, execution, sequence: sequence === undefined ? null : Number(sequence), path };
}

export function printLink({ location, execution, sequence, path }: DeepLink): string {
  return `${location}#${execution}${sequence === null ? '' : `@${sequence}`}${path === undefined ? '' : `:${path}`}`;
}
