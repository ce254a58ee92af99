/** One category, or several alternatives, as the legend writes them into a filter. */
const ONE = 'category:[a-z]+';
const PART = new RegExp(`(?:^|\\s)(${ONE}|\\(${ONE}(?: OR ${ONE})*\\))$`);

/** The categories that the end of a filter asks for; none when it ends in another way. */
export function categoriesOf(filter: string): readonly string[] {
  const part = PART.exec(filter.trim())?.[1] ?? '';
  // After `OR` or `NOT` it means something else.
  return /\b(OR|NOT)$/.test(restOf(filter)) ? [] : [...part.matchAll(/category:([a-z]+)/g)].map(([, name]) => name as string);
}

/** The filter with these categories instead of those that it asks for. */
export function withCategories(filter: string, categories: readonly string[]): string {
  const rest = categoriesOf(filter).length > 0 ? restOf(filter) : filter.trim();
  const names = categories.map((name) => `category:${name}`);
  const part = names.length > 1 ? `(${names.join(' OR ')})` : (names[0] ?? '');
  // OR binds less tightly than what follows.
  const grouped = part !== '' && /(^|\s)OR(\s|$)/.test(rest) && !/^\([^()]*\)$/.test(rest) ? `(${rest})` : rest;
  return [grouped, part].filter((text) => text !== '').join(' ');
}

function restOf(filter: string): string {
  return filter.trim().replace(PART, '').trim();
}
