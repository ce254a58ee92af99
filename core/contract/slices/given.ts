import { z } from 'zod';

export const givenWant = z.strictObject({});

/** In how many paths the state that nodes are given differs from replay; null before the index is there. */
export type GivenDifference = { readonly paths: number; readonly more: boolean } | null;
