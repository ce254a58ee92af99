/**
 * Reads a number as the runtime does, bit for bit. Its JSON reader does not round correctly, so a state that the runtime
 * rebuilt can differ from the log in the last digits of doubles (docs/format.md, Numbers).
 */

/** The runtime refuses a text that is nested deeper (docs/format.md, What the runtime refuses). */
export const MAX_RUNTIME_DEPTH = 127;

const U64_MAX = 2n ** 64n - 1n;
const I64_MIN = -(2n ** 63n);
const INTEGER = /^-?\d+$/;
const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The text that the runtime would write for a number that it has read.
 *
 * @param text a JSON number.
 * @returns undefined when the runtime refuses the number because its value would be infinite.
 */
export function asRuntimeReads(text: string): string | undefined {
  if (INTEGER.test(text) && text !== '-0') {
    const exact = BigInt(text);
    if (exact <= U64_MAX && exact >= I64_MIN) return text;
  }
  const value = runtimeDouble(text);
  return value === undefined ? undefined : printDouble(value);
}

/** The double that the runtime reads from a text that is not an integer in its range; undefined when it refuses. */
function runtimeDouble(text: string): number | undefined {
  const match = PARTS.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', written = '0'] = match;
  let significand = 0n;
  let exponent = 0;
  let overflowed = false;
  for (const digit of whole) {
    const next = significand * 10n + BigInt(digit);
    if (overflowed || next > U64_MAX) {
      overflowed = true;
      exponent++;
    } else {
      significand = next;
    }
  }
  for (const digit of fraction) {
    const next = significand * 10n + BigInt(digit);
    if (overflowed || next > U64_MAX) break;
    significand = next;
    exponent--;
  }
  const magnitude = scale(Number(significand), exponent + Number(written));
  if (magnitude === undefined) return undefined;
  return sign === '-' ? -magnitude : magnitude;
}

function scale(significand: number, exponent: number): number | undefined {
  if (significand === 0) return 0;
  let value = significand;
  let left = exponent;
  while (left < -308) {
    value /= 1e308;
    if (value === 0) return 0;
    left += 308;
  }
  if (left > 308) return undefined;
  value = left >= 0 ? value * Number(`1e${left}`) : value / Number(`1e${-left}`);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * A double as serde_json writes it: the shortest digits that read back, with `.0` or an exponent (from 1e16 up and from
 * 1e-6 down). A positive exponent has a plus sign here; some versions of serde_json omit it.
 */
export function printDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = '0'] = Math.abs(value).toExponential().split('e');
  const sign = value < 0 ? '-' : '';
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  const point = exponent + 1;
  if (point > 16 || point <= -5) return `${sign}${mantissa}e${exponent > 0 ? '+' : ''}${exponent}`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits}${'0'.repeat(point - digits.length)}.0`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
