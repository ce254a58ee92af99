/** The pattern of LIKE for texts that contain this one, with a backslash as its escape. */
export function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
