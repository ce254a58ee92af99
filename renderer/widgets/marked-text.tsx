/** A text in which what was looked for is marked, in any case. @param find undefined to mark nothing. */
export function MarkedText({ text, find }: { readonly text: string; readonly find: string | undefined }) {
  if (find === undefined || find === '') return text;
  const sought = find.toLowerCase();
  const lower = text.toLowerCase();
  // A few letters change their length with their case; then places in one text are none in the other.
  if (lower.length !== text.length || !lower.includes(sought)) return text;
  const parts = [];
  let from = 0;
  for (let at = lower.indexOf(sought); at >= 0; at = lower.indexOf(sought, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + find.length)}</mark>);
    from = at + find.length;
  }
  return [...parts, text.slice(from)];
}
