/** The path of a value as other tools write it. */
export interface PathForms {
  readonly pointer: string;
  readonly javaScript: string;
  readonly python: string;
  readonly jq: string;
  readonly jsonPath: string;
}

/** @param isIndex whether the key at a depth is an index of an array and not a key of an object. */
export function pathForms(pointer: string, isIndex: (depth: number) => boolean): PathForms {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const form = (start: string, name: (key: string) => string, other: (key: string) => string): string =>
    keys.reduce((path, key, depth) => path + (isIndex(depth) ? `[${key}]` : /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? name(key) : other(key)), start);
  const quoted = (key: string): string => `[${JSON.stringify(key)}]`;
  const dotted = (key: string): string => `.${key}`;
  const jq = form('', dotted, (key) => `.${JSON.stringify(key)}`);
  return {
    pointer,
    javaScript: form('state', dotted, quoted),
    python: form('state', quoted, quoted),
    jq: jq.startsWith('.') ? jq : `.${jq}`,
    jsonPath: form('$', dotted, quoted),
  };
}
