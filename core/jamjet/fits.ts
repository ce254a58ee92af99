import { isArray, isObject, type Json, JsonNumber, numberText } from '../json/value.ts';
import type { Field } from './kinds.ts';
import { millisecondsOf } from './time.ts';

/** Whether the runtime can read a value in a field. One that it cannot read makes it refuse the whole execution. */
export function fits(value: Json, field: Field): boolean {
  if (value === null) return field.nullable || field.skipped || field.type === 'j';
  switch (field.type) {
    case 's':
      return typeof value === 'string' && (field.words === undefined || field.words.includes(value));
    case 't':
      return typeof value === 'string' && ENDS_WITH_ZONE.test(value) && !Number.isNaN(millisecondsOf(value));
    case 'b':
      return typeof value === 'boolean';
    case 'i':
      return isUnsigned(value, 2n ** 64n);
    case 'u':
      return isUnsigned(value, 2n ** 32n);
    case 'f':
      return (typeof value === 'number' || value instanceof JsonNumber) && Number.isFinite(Number(numberText(value)));
    case '[s]':
      return isArray(value) && value.every((item) => typeof item === 'string');
    case '[j]':
      return isArray(value);
    case 'p':
      return isObject(value) && PROVENANCE.every((part) => fitsIfPresent(value.get(part.name), part));
    case 'j':
      return true;
  }
}

export function isRequired({ nullable, skipped }: Field): boolean {
  return !nullable && !skipped;
}

/** The fields of provenance, of which each may be missing. */
const PROVENANCE: readonly Field[] = [
  ...['model_id', 'model_version', 'source', 'trust_domain'].map((name) => ({ name, type: 's', nullable: true, skipped: false }) as const),
  { name: 'confidence', type: 'f', nullable: true, skipped: false },
  { name: 'verified', type: 'b', nullable: false, skipped: false },
  { name: 'evidence_refs', type: '[s]', nullable: false, skipped: false },
];

function fitsIfPresent(value: Json | undefined, field: Field): boolean {
  return value === undefined || fits(value, field);
}

const ENDS_WITH_ZONE = /(z|[+-]\d\d:\d\d)$/i;

function isUnsigned(value: Json, end: bigint): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && BigInt(value) < end;
  return value instanceof JsonNumber && /^\d+$/.test(value.text) && BigInt(value.text) < end;
}
