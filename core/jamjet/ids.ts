/** An execution's id as it is stored: a UUID in lower case, with hyphens. */
export type ExecutionId = string;

const HEX = /^[0-9a-f]+$/;

/** An id as the runtime displays it: `exec_` and 32 hex digits. */
export function shownId(id: ExecutionId): string {
  const hex = id.replaceAll('-', '');
  return hex.length === 32 && HEX.test(hex) ? `exec_${hex}` : id;
}

/** Whether a text is an id as it is stored, and not the beginning or another spelling of one. */
export function isWhole(text: string): boolean {
  return text.length === 36 && idDigits(text) !== undefined && text === hyphenated(idDigits(text) ?? '');
}

/** `9f31…c07a`: enough to distinguish executions in a list. */
export function shortId(id: ExecutionId): string {
  const hex = id.replaceAll('-', '');
  return hex.length > 10 ? `${hex.slice(0, 4)}…${hex.slice(-4)}` : id;
}

/**
 * The hex digits of an id or of a prefix of one, with or without `exec_`, with or without hyphens, in upper or lower case.
 *
 * @returns undefined when the text is not (a prefix of) an id.
 */
export function idDigits(text: string): string | undefined {
  const digits = text
    .trim()
    .toLowerCase()
    .replace(/^exec_/, '')
    .replaceAll('-', '');
  return digits.length > 0 && digits.length <= 32 && HEX.test(digits) ? digits : undefined;
}

/** What a stored id may contain when somebody looks for `word`: the word itself, and its hex digits with the hyphens of the beginning of a UUID. */
export function idParts(word: string): readonly string[] {
  const digits = idDigits(word);
  return digits === undefined ? [word] : [...new Set([word.toLowerCase(), hyphenated(digits)])];
}

/** Hex digits with the hyphens of a UUID. Fewer than 32 digits get the hyphens that fall between them. */
export function hyphenated(digits: string): string {
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].filter((part) => part !== '').join('-');
}
