/** The source of a regular expression that matches exactly this text, with or without the flags `u` and `v`. */
export function plainPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
