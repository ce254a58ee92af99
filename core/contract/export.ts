import { z } from 'zod';
import { EXPORT_KINDS, READINGS } from '../vocabulary.ts';
import { cursor } from './cursor.ts';
import { request } from './request.ts';
import type { ValueText } from './values.ts';

export interface ExportPreview {
  /** The beginning, at most 16 KiB. */
  readonly text: string;
  /** Whether the whole text is longer. */
  readonly cut: boolean;
  /** UTF-8 bytes of the whole text; null when they are known only after writing. */
  readonly bytes: number | null;
  readonly fileName: string;
}

export interface ExportSaved {
  readonly path: string;
  readonly bytes: number;
}

export const exportChoice = z.strictObject({
  ...cursor.shape,
  kind: z.enum(EXPORT_KINDS),
  reading: z.enum(READINGS),
  style: z.enum(['pretty', 'canonical']),
});
export type ExportChoice = z.output<typeof exportChoice>;

export const exportRequests = {
  'export.preview': request(exportChoice)<ExportPreview>(),
} as const;

/** Sent by the host only, which decides where files may be written. */
export const grantedExportRequests = {
  'export.write': request(z.strictObject({ ...exportChoice.shape, path: z.string().min(1).max(4096) }))<ExportSaved>(),
  'export.text': request(exportChoice)<ValueText>(),
} as const;
