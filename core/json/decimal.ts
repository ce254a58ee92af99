/** A decimal number, digits · 10^-scale. Its sums are exact, unlike those of doubles. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

export const ZERO: Decimal = { digits: 0n, scale: 0 };

const PARTS = /^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** A double has no larger exponents; an exact number with one could need any amount of memory. */
const MAX_EXPONENT = 400;

/** @param text a JSON number. One that is beyond all doubles counts as 0. */
export function decimalOf(text: string): Decimal {
  const [, whole = '0', fraction = '', exponent = '0'] = PARTS.exec(text) ?? [];
  const digits = BigInt(whole + fraction);
  if (digits === 0n || Math.abs(Number(exponent)) > MAX_EXPONENT) return ZERO;
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

export function sumOf(a: Decimal, b: Decimal): Decimal {
  if (a.scale < b.scale) return sumOf(b, a);
  return { digits: a.digits + b.digits * 10n ** BigInt(a.scale - b.scale), scale: a.scale };
}

export function isEqual(a: Decimal, b: Decimal): boolean {
  return a.scale < b.scale ? isEqual(b, a) : a.digits === b.digits * 10n ** BigInt(a.scale - b.scale);
}

/** All digits, without an exponent and without zeros at the end of the fraction. */
export function decimalText({ digits, scale }: Decimal): string {
  const all = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = all.slice(0, all.length - scale);
  const fraction = all.slice(all.length - scale).replace(/0+$/, '');
  return `${digits < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
