/** Times are shown as they are stored. To compute distances they are converted to milliseconds since 1970, UTC. */

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * Milliseconds since 1970 of an RFC 3339 time (chrono's `…+00:00`, serde's `…Z`) or of SQL's `YYYY-MM-DD HH:MM:SS` (in
 * UTC). Fractions of a millisecond are kept.
 *
 * @returns NaN when it is none of these.
 */
export function millisecondsOf(text: string): number {
  const match = RFC_3339.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const whole = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const date = new Date(whole);
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return Number.NaN;
  const offset = /^z$/i.test(zone) ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * 60_000;
  return whole + Number(`0.${fraction || '0'}`) * 1000 - offset;
}

/** The same as {@link millisecondsOf}, from bytes, and fast for the form that the runtime writes. */
export function millisecondsAt(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const fractionEnd = end - 6;
  const isUsualForm = length >= 25 && bytes[fractionEnd] === 0x2b && bytes[start + 10] === 0x54 && bytes[start + 4] === 0x2d;
  if (isUsualForm) {
    const year = digits(bytes, start, 4);
    const month = digits(bytes, start + 5, 2);
    const day = digits(bytes, start + 8, 2);
    const date = year * 10_000 + month * 100 + day;
    // Neighbouring events mostly have the same date.
    if (date !== lastDate) {
      lastDate = date;
      lastDays = daysFromCivil(year, month, day);
    }
    const seconds = digits(bytes, start + 11, 2) * 3600 + digits(bytes, start + 14, 2) * 60 + digits(bytes, start + 17, 2);
    let fraction = 0;
    let scale = 100;
    for (let at = start + 20; at < fractionEnd; at++) {
      fraction += ((bytes[at] as number) - 0x30) * scale;
      scale /= 10;
    }
    const zone = digits(bytes, fractionEnd + 1, 2) + digits(bytes, fractionEnd + 4, 2);
    const milliseconds = lastDays * 86_400_000 + seconds * 1000 + fraction;
    if (zone === 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && !Number.isNaN(milliseconds)) return milliseconds;
  }
  return millisecondsOf(new TextDecoder().decode(bytes.subarray(start, end)));
}

let lastDate = Number.NaN;
let lastDays = 0;

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The form that the runtime writes. Days 29 to 31 are left to the full check, because not every month has them. */
const NORMAL = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3}|\.\d{6}|\.\d{9})?\+00:00$/;

/**
 * Converts an RFC 3339 time of any offset to the form that the runtime writes: in UTC, to the nanosecond.
 *
 * @returns undefined when the text is not such a time.
 */
export function normalTime(text: string): string | undefined {
  if (NORMAL.test(text) && !text.endsWith('000+00:00')) return text;
  const fraction = (RFC_3339.exec(text)?.[7] ?? '').padEnd(9, '0');
  const whole = millisecondsOf(text.replace(/[.]\d+/, ''));
  if (Number.isNaN(whole)) return undefined;
  return formatTime(whole + Number(fraction.slice(0, 3)), Number(fraction.slice(3)));
}

/** A time as the runtime writes it: `+00:00`, and a fraction of 0, 3, 6 or 9 digits. */
export function formatTime(milliseconds: number, nanoseconds = 0): string {
  const base = new Date(milliseconds).toISOString();
  const fraction = base.slice(20, 23) + String(nanoseconds).padStart(6, '0');
  const digitsKept = fraction.endsWith('000000') ? (fraction === '000000000' ? 0 : 3) : fraction.endsWith('000') ? 6 : 9;
  return `${base.slice(0, 19)}${digitsKept === 0 ? '' : `.${fraction.slice(0, digitsKept)}`}+00:00`;
}
