import { isArray, isObject, type Json } from '../json/value.ts';

/** The most names of tools that are told. */
const MAX_NAMES = 10;

/** The names of tool calls, in the order of their first call: `search_docs ×2, refund_order`; empty when there are none. */
export function toolCallNames(calls: Json | undefined): string {
  if (!isArray(calls)) return '';
  const counts = new Map<string, number>();
  for (const call of calls) {
    const direct = isObject(call) ? call.get('name') : undefined;
    const nested = isObject(call) ? call.get('function') : undefined;
    const name = direct ?? (isObject(nested) ? nested.get('name') : undefined);
    const said = typeof name === 'string' && name !== '' ? name : 'a tool without a name';
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  const said = [...counts].slice(0, MAX_NAMES).map(([name, count]) => (count === 1 ? name : `${name} ×${count}`));
  return said.join(', ') + (counts.size > MAX_NAMES ? `, and ${counts.size - MAX_NAMES} others` : '');
}
