/** Whether the code unit at `index` is the first half of a surrogate pair: no text may end behind it. */
function isHigh(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xd800 && code <= 0xdbff;
}

/** At most `length` UTF-16 code units of the beginning, without half a character at the end. */
export function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, isHigh(text, length - 1) ? length - 1 : length);
}

/** At most `length` UTF-16 code units of the end, without half a character at the beginning. */
export function endOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const start = text.length - length;
  return text.slice(isHigh(text, start - 1) ? start + 1 : start);
}
