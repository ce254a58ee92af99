import { z } from 'zod';
import { READINGS } from '../vocabulary.ts';
import { cursor, pointer, sequence } from './cursor.ts';
import { request } from './request.ts';

/** Characters that can be copied: more is no use on a clipboard, and JavaScript has no longer strings than 50 times that. */
export const MAX_COPIED = 10_000_000;

export interface ValueText {
  readonly text: string;
}

const PATCH_FORMS = ['json-patch', 'merge-patch'] as const;

export const valueRequests = {
  /** The changes from the state at another sequence to that at the cursor, as JSON Patch (RFC 6902) or JSON Merge Patch (RFC 7396). */
  'values.patch': request(z.strictObject({ ...cursor.shape, reading: z.enum(READINGS), against: sequence, form: z.enum(PATCH_FORMS) }))<ValueText>(),
  /** The whole text of one value of the state: a string as it is, everything else as JSON. */
  'values.text': request(z.strictObject({ ...cursor.shape, reading: z.enum(READINGS), pointer, style: z.enum(['pretty', 'compact']).optional() }))<ValueText>(),
} as const;
