import { InvalidArgumentError } from 'commander';
import { READINGS, type Reading } from '../vocabulary.ts';

/** A sequence or a count: a whole number from 0 that JavaScript can hold exactly. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It has to be a whole number from 0.');
  return value;
}

export function readingName(text: string): Reading {
  const reading = READINGS.find((name) => name === text);
  if (reading !== undefined) return reading;
  throw new InvalidArgumentError('It has to be replay, recovery or given.');
}
