/** An execution's id as it stands in the database: a hyphenated UUID in lower case. */
export type ExecutionId = string;

const HEX = /^[0-9a-f]+$/;

/** The way the runtime shows an id: `exec_` and 32 hex digits. */
export function shownId(id: ExecutionId): string {
  const hex = id.replaceAll('-', '');
  return hex.length === 32 && HEX.test(hex) ? `exec_${hex}` : id;
}

/** `9f31…c07a`: enough to tell runs apart in a list. */
export function shortId(id: ExecutionId): string {
  const hex = id.replaceAll('-', '');
  return hex.length > 10 ? `${hex.slice(0, 4)}…${hex.slice(-4)}` : id;
}

/**
 * The hex digits of an id or of the beginning of one, however it was typed: with or without `exec_`,
 * with or without hyphens, in any case.
 *
 * @returns undefined when the text cannot be (the beginning of) an id.
 */
export function idDigits(text: string): string | undefined {
  const digits = text
    .trim()
    .toLowerCase()
    .replace(/^exec_/, '')
    .replaceAll('-', '');
  return digits.length > 0 && digits.length <= 32 && HEX.test(digits) ? digits : undefined;
}

/** 32 hex digits with the hyphens of a UUID. A shorter text gets those that fall inside it. */
export function hyphenated(digits: string): string {
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].filter((part) => part !== '').join('-');
}
