import { InvalidArgumentError } from 'commander';
import { READINGS, type Reading } from '../vocabulary.ts';

/** Parses a sequence or a count: an integer from 0 that JavaScript represents exactly. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be an integer from 0.');
  return value;
}

export function readingName(text: string): Reading {
  const reading = READINGS.find((name) => name === text);
  if (reading !== undefined) return reading;
  throw new InvalidArgumentError('It must be replay, recovery or given.');
}
