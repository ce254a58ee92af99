import { z } from 'zod';
import type { SourceCounts, SourceSummary } from '../source/port.ts';
import { ACCESSES } from '../vocabulary.ts';
import { type SourceId, sourceId } from './cursor.ts';
import { request } from './request.ts';

const path = z.string().min(1).max(4096);

/** A source that the host has prepared for the engine to open; see core/source/spec.ts. */
const preparedSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sqlite'),
    file: z.strictObject({
      original: path,
      real: path,
      path,
      access: z.enum(ACCESSES).exclude(['memory']),
      folder: path.optional(),
      stamp: path.optional(),
      isUnfinished: z.boolean().optional(),
    }),
  }),
  z.strictObject({ kind: z.literal('postgres'), address: z.string().max(4096) }),
  z.strictObject({ kind: z.literal('example') }),
]);

/** Sent as a push when others may have written to a source, and for each open execution that has grown. */
export interface SourceChange {
  readonly source: SourceId;
  /** null for the source as a whole. */
  readonly execution: {
    readonly id: string;
    readonly lastSequence: number;
    /** In its row. */
    readonly status: string;
    /** Whether events came among those that were known, so that every answer may be another one. */
    readonly isAnew: boolean;
  } | null;
  /** Whether what has changed can be read only after the source was opened again. */
  readonly isOutdated: boolean;
  /** Of a replica: by how many seconds it is behind. Other changes than this one do not say it. */
  readonly behind?: number;
}

export const sourceRequests = {
  /** Counts what the source contains. Opening does not wait for this, because it takes longer in a larger database. */
  'sources.count': request(z.strictObject({ source: sourceId }))<SourceCounts>(),
} as const;

/** Sent by the host only, which decides what may be opened. */
export const grantedSourceRequests = {
  'sources.open': request(z.strictObject({ source: sourceId, prepared: preparedSource }))<SourceSummary>(),
  'sources.close': request(z.strictObject({ source: sourceId }))<null>(),
} as const;
