import { fits, isRequired } from '../jamjet/fits.ts';
import { type Field, kindOf } from '../jamjet/kinds.ts';
import { fromPlain, isPlainArray, keysOf, memberOf, type Plain } from '../json/plain.ts';
import { SerializationError } from './errors.ts';
import { printed, quoted, shown } from './validate.ts';

interface Reader {
  /** The generation of the runtimes that will read the event. */
  readonly generation: number;
  readonly unknownKinds: boolean;
}

/**
 * The text of an event: `type` first, then its fields in the order given.
 *
 * @param where the event, for the error message.
 * @throws SerializationError when the runtime could not read it.
 */
export function eventText(kind: Plain, where: string, reader: Reader): string {
  const type = typeOf(kind);
  const keys = keysOf(kind);
  if (keys === undefined || type === undefined) throw new SerializationError(`The kind of ${where} must be a JSON object with a "type" that is a string.`);
  checkKind(type, kind, where, reader);
  let text = `{"type":${quoted(type, where)}`;
  for (const key of keys) {
    const value = memberOf(kind, key);
    // Provenance is a record of the runtime, so its keys keep the order of declaration.
    const sorted = key !== 'provenance' || type !== 'node_completed';
    if (key !== 'type' && value !== undefined) text += `,${quoted(key, where)}:${printed(value, where, 2, sorted)}`;
  }
  return `${text}}`;
}

/** The `type` of a kind; undefined when it has none. */
export function typeOf(kind: Plain): string | undefined {
  const type = keysOf(kind)?.includes('type') ? memberOf(kind, 'type') : undefined;
  return typeof type === 'string' ? type : undefined;
}

function checkKind(type: string, kind: Plain, where: string, { generation, unknownKinds }: Reader): void {
  const known = kindOf(type);
  if (known === undefined || known.since > generation) {
    if (unknownKinds) return;
    throw new SerializationError(`A runtime of generation ${generation} does not know the kind ${shown(type)} of ${where}; { unknownKinds: true } appends it.`);
  }
  for (const field of known.fields) {
    const value = memberOf(kind, field.name);
    if (value === undefined) {
      if (isRequired(field)) throw new SerializationError(`The ${type} in ${where} has no "${field.name}", which the runtime requires.`);
    } else if (!fitsPlain(value, field)) {
      throw new SerializationError(
        `The "${field.name}" of the ${type} in ${where} is ${shown(value)}, but the runtime requires ${REQUIRED[field.type]}${wordsOf(field)}.`,
      );
    }
  }
}

function fitsPlain(value: Plain, field: Field): boolean {
  // Free values are checked when they are printed; converting them would double the time of an append.
  if (field.type === 'j') return true;
  if (value !== null && field.type === '[j]') return isPlainArray(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return false;
  try {
    return fits(fromPlain(value), field);
  } catch {
    // It is no JSON at all, such as a Date.
    return false;
  }
}

const REQUIRED: Readonly<Record<Field['type'], string>> = {
  s: 'a text',
  t: 'a time in RFC 3339',
  b: 'true or false',
  i: 'an integer from 0 to 2⁶⁴ − 1',
  u: 'an integer from 0 to 2³² − 1',
  f: 'a number',
  '[s]': 'a list of texts',
  '[j]': 'a list',
  p: 'an object with the fields of provenance',
  j: 'JSON',
};

function wordsOf({ words }: Field): string {
  return words === undefined ? '' : `: ${words.join(' or ')}`;
}
