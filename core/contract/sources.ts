import { z } from 'zod';
import type { SourceCounts, SourceSummary } from '../source/port.ts';
import { ACCESSES } from '../vocabulary.ts';
import { sourceId } from './cursor.ts';
import { request } from './request.ts';

const path = z.string().min(1).max(4096);

/** A source that the host has prepared for the engine to open; see core/source/spec.ts. */
const preparedSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sqlite'),
    file: z.strictObject({ original: path, real: path, path, access: z.enum(ACCESSES).exclude(['memory']), folder: path.optional() }),
  }),
  z.strictObject({ kind: z.literal('postgres'), address: z.string().max(4096) }),
  z.strictObject({ kind: z.literal('example') }),
]);

export const sourceRequests = {
  /** Counts what the source contains. Opening does not wait for this, because it takes longer in a larger database. */
  'sources.count': request(z.strictObject({ source: sourceId }))<SourceCounts>(),
} as const;

/** Sent by the host only, which decides what may be opened. */
export const grantedSourceRequests = {
  'sources.open': request(z.strictObject({ source: sourceId, prepared: preparedSource }))<SourceSummary>(),
  'sources.close': request(z.strictObject({ source: sourceId }))<null>(),
} as const;
