import type pg from 'pg';
import { normalTime } from '../jamjet/time.ts';

const TIMESTAMPTZ = 1184;
const BYTEA = 17;
const BOOL = 16;

/** The driver's parsers would round numbers in JSON and fractions of times, so all other types stay text. */
export const TEXT_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => {
    if (oid === TIMESTAMPTZ) return parseTimestamp;
    if (oid === BOOL) return (text: string) => text === 't';
    if (oid === BYTEA) return (text: string) => Buffer.from(text.slice(2), 'hex');
    return (text: string) => text;
  },
} as pg.CustomTypesConfig;

/** Parses a time in the time zone of the session, such as `2026-06-01 14:00:00.5+02`. */
function parseTimestamp(text: string): string {
  return normalTime(text.replace(/([+-]\d\d)$/, '$1:00')) ?? text;
}
