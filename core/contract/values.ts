import { z } from 'zod';
import { READINGS, type Reading } from '../vocabulary.ts';
import { cursor, execution, pointer, rowWindow, sequence } from './cursor.ts';
import { request } from './request.ts';
import type { TreeRow } from './slices/tree.ts';

/** Characters that can be copied: more is no use on a clipboard, and JavaScript has no longer strings than 50 times that. */
export const MAX_COPIED = 10_000_000;

export interface ValueText {
  readonly text: string;
}

/** The values of a state that contain a text, as rows of a tree with the containers that lead to them. */
export interface FoundInState {
  readonly sequence: number;
  readonly reading: Reading;
  readonly text: string;
  readonly from: number;
  /** How many rows there are. */
  readonly total: number;
  readonly rows: readonly TreeRow[];
  /** How many values match; more than `matchRows` has, if there are too many for rows. */
  readonly matches: number;
  /** The indices of the rows that match. */
  readonly matchRows: Uint32Array;
}

/** An output that is stored apart from its event. */
export interface ArtifactText {
  /** Whether its bytes have the hash that is their name. `missing`: a reference without an artifact. */
  readonly verdict: 'sound' | 'damaged' | 'missing';
  /** How many bytes are stored. */
  readonly bytes: number;
  /** Bytes that are not UTF-8 are shown as U+FFFD. */
  readonly text: string;
}

const PATCH_FORMS = ['json-patch', 'merge-patch', 'unified'] as const;

export const valueRequests = {
  /** An artifact, checked. */
  'values.artifact': request(z.strictObject({ ...execution.shape, hash: z.string().regex(/^[0-9a-f]{64}$/) }))<ArtifactText>(),
  /** The changes from the state at another sequence to that at the cursor, as JSON Patch (RFC 6902), JSON Merge Patch (RFC 7396) or a unified diff of the texts. */
  'values.patch': request(z.strictObject({ ...cursor.shape, reading: z.enum(READINGS), against: sequence, form: z.enum(PATCH_FORMS) }))<ValueText>(),
  /** Looks through the whole state for a text in keys and values, or, if it begins with a slash, in paths; in any case. */
  'values.find': request(z.strictObject({ ...cursor.shape, ...rowWindow.shape, reading: z.enum(READINGS), text: z.string().min(1).max(1000) }))<FoundInState>(),
  /** The container that begins on a line of the exact text of the state, counted from 0 on; null when none begins there. */
  'values.atLine': request(z.strictObject({ ...cursor.shape, reading: z.enum(READINGS), line: z.int().min(0) }))<string | null>(),
  /** The whole text of one value of the state: a string as it is, everything else as JSON. */
  'values.text': request(z.strictObject({ ...cursor.shape, reading: z.enum(READINGS), pointer, style: z.enum(['pretty', 'compact']).optional() }))<ValueText>(),
} as const;
