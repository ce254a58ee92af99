import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalOf, decimalText, isEqual, sumOf } from '../../core/json/decimal.ts';

it('adds decimals without the errors of doubles', () => {
  const sum = ['0.1', '0.2', '1e-7', '9007199254740993', '-0.30', '2.5E3'].map(decimalOf).reduce(sumOf);
  expect(decimalText(sum)).toBe('9007199254743493.0000001');
  expect(decimalText(decimalOf('-0.050'))).toBe('-0.05');
  expect(decimalText(decimalOf('1e400000'))).toBe('0');
});

it('has the sums of whole numbers, whatever their scale is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat({ max: 30 }))), (numbers) => {
      const sum = numbers.map(([digits, scale]) => decimalOf(`${digits}e-${scale}`)).reduce(sumOf, decimalOf('0'));
      const digits = numbers.reduce((total, [value, scale]) => total + value * 10n ** BigInt(30 - scale), 0n);
      expect(isEqual(sum, { digits, scale: 30 })).toBe(true);
      expect(isEqual(decimalOf(decimalText(sum)), sum)).toBe(true);
    }),
  );
});
