import { z } from 'zod';
import { READINGS } from '../vocabulary.ts';
import { cursor, pointer } from './cursor.ts';
import { request } from './request.ts';

/** Characters that can be copied: more is no use on a clipboard, and JavaScript has no longer strings than 50 times that. */
export const MAX_COPIED = 10_000_000;

export interface ValueText {
  readonly text: string;
}

export const valueRequests = {
  /** The whole text of one value of the state: a string as it is, everything else as JSON. */
  'values.text': request(z.strictObject({ ...cursor.shape, reading: z.enum(READINGS), pointer, style: z.enum(['pretty', 'compact']).optional() }))<ValueText>(),
} as const;
