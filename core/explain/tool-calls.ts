import { printJson } from '../json/print.ts';
import { readJson } from '../json/read.ts';
import { isArray, isObject, type Json } from '../json/value.ts';

/** The most names of tools that are told. */
const MAX_NAMES = 10;

/** The most characters of an argument. */
const MAX_ARGUMENT = 40;

/**
 * The names of tool calls, in the order of their first call: `search_docs ×2, refund_order`; empty when there are none.
 *
 * @param behind what is said behind the name of a tool that is called once.
 */
export function toolCallNames(calls: Json | undefined, behind: (call: Json | undefined) => string = () => ''): string {
  if (!isArray(calls)) return '';
  const byName = new Map<string, Json[]>();
  for (const call of calls) {
    const name = member(call, 'name');
    const said = typeof name === 'string' && name !== '' ? name : 'a tool without a name';
    byName.set(said, [...(byName.get(said) ?? []), call]);
  }
  const said = [...byName].slice(0, MAX_NAMES).map(([name, called]) => (called.length === 1 ? `${name}${behind(called[0])}` : `${name} ×${called.length}`));
  return said.join(', ') + (byName.size > MAX_NAMES ? `, and ${byName.size - MAX_NAMES} others` : '');
}

/** A part of a call, which some models put into `function`. */
function member(call: Json | undefined, name: string): Json | undefined {
  if (!isObject(call)) return undefined;
  const nested = call.get('function');
  return call.get(name) ?? (isObject(nested) ? nested.get(name) : undefined);
}

/** `(query: "red shoes", …)`; '' if the first argument is no single value. Arguments are an object, or its text. */
export function firstArgument(call: Json | undefined): string {
  const given = member(call, 'arguments');
  const read = typeof given === 'string' ? readJson(given) : undefined;
  const values = read?.ok === true ? read.value : given;
  const [first, second] = isObject(values) ? values : [];
  if (first === undefined || isObject(first[1]) || isArray(first[1])) return '';
  const [name, value] = first;
  const text = typeof value === 'string' ? shortened(value.replaceAll(/\s+/g, ' ').trim(), MAX_ARGUMENT) : value;
  return `(${shortened(name, MAX_ARGUMENT)}: ${printJson(text)}${second === undefined ? '' : ', …'})`;
}

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
