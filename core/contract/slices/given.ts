import { z } from 'zod';

export const givenWant = z.strictObject({});

/** At how many paths the given state differs from replay; null until the log is indexed up to the cursor. */
export type GivenDifference = { readonly paths: number; readonly more: boolean } | null;
