import { z } from 'zod';
import { EXPORTS, type ExportForm, type ExportKind, READINGS } from '../vocabulary.ts';
import { cursor, sequence, track } from './cursor.ts';
import { eventFilter } from './events.ts';
import { request } from './request.ts';
import type { ValueText } from './values.ts';

export interface ExportPreview {
  /** The beginning, at most 16 Ki characters. */
  readonly text: string;
  /** Whether more would be written than is in {@link text}. */
  readonly cut: boolean;
  /** UTF-8 bytes of the whole text; null when they are known only after writing. */
  readonly bytes: number | null;
  readonly fileName: string;
}

export interface ExportSaved {
  readonly path: string;
  readonly bytes: number;
}

const forms = Object.values(EXPORTS).flat() as ExportForm[];

const fields = {
  ...cursor.shape,
  kind: z.enum(Object.keys(EXPORTS) as [ExportKind, ...ExportKind[]]),
  form: z.enum(forms),
  reading: z.enum(READINGS),
  /** Events and tracks: the first sequence; the cursor is the last one. */
  from: sequence.optional(),
  /** Events: only those that match. */
  filter: eventFilter.optional(),
  /** A diff: the sequence of the state before. */
  against: sequence.optional(),
  tracks: z.array(track).max(50).optional(),
};
const hasForm = ({ kind, form }: { readonly kind: ExportKind; readonly form: ExportForm }): boolean => (EXPORTS[kind] as readonly ExportForm[]).includes(form);
const WRONG_FORM = { message: 'this export has no such form' };
/** What is exported of the execution at the cursor. */
export const exportChoice = z.strictObject(fields).refine(hasForm, WRONG_FORM);
export type ExportChoice = z.output<typeof exportChoice>;

export const exportRequests = {
  'export.preview': request(exportChoice)<ExportPreview>(),
} as const;

/** Sent by the host only, which decides where files may be written. */
export const grantedExportRequests = {
  'export.write': request(z.strictObject({ ...fields, path: z.string().min(1).max(4096) }).refine(hasForm, WRONG_FORM))<ExportSaved>(),
  'export.text': request(exportChoice)<ValueText>(),
} as const;
