import { kindOf } from '../jamjet/kinds.ts';

/**
 * Tells whether an event matches a filter: its kind or its node must contain each word, or its category must be the word;
 * `type:failed` and `node:score` test one of them. Only headers are needed, so a million events take milliseconds.
 *
 * @param filter words in any case. An empty filter matches everything.
 */
export function eventMatcher(filter: string): (type: string, node: string | undefined) => boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const nodes = new Map<string | undefined, boolean[]>();
  const nodeHas = (node: string | undefined, index: number, needle: string): boolean => {
    const known = nodes.get(node) ?? [];
    nodes.set(node, known);
    known[index] ??= node?.toLowerCase().includes(needle) ?? false;
    return known[index];
  };
  return (type, node) =>
    words.every((word, index) => {
      if (word.startsWith('type:')) return type.includes(word.slice(5));
      if (word.startsWith('node:')) return nodeHas(node, index, word.slice(5));
      return type.includes(word) || kindOf(type)?.category === word || nodeHas(node, index, word);
    });
}
