import { z } from 'zod';
import type { ArtifactReference } from '../../jamjet/artifact.ts';
import type { Category, Severity } from '../../jamjet/kinds.ts';
import type { TreeRow } from './tree.ts';

export const eventWant = z.strictObject({});

export interface EventDetail {
  readonly sequence: number;
  readonly createdAt: string;
  readonly type: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly node: string | null;
  readonly summary: string;
  readonly fields: readonly EventField[];
  /** The stored text, cut to 64 KiB. */
  readonly text: string;
  readonly bytes: number;
  readonly unreadable: string | null;
  /** The reasons for which the runtime would refuse the event. */
  readonly objections: readonly string[];
  readonly links: readonly EventLink[];
  /** Milliseconds since the previous event; null when there is none or a time cannot be read. */
  readonly sincePrevious: number | null;
}

export interface EventField {
  readonly name: string;
  readonly type: TreeRow['type'];
  /** Pretty-printed JSON, or a string without quotes; may be cut. */
  readonly text: string;
  readonly cut: boolean;
  /** What the runtime reads when it reads this number as another one, or `refused`; null otherwise. */
  readonly rounded: string | null;
  /** Where the value is stored, if this is only a reference to it. */
  readonly artifact?: ArtifactReference;
}

export interface EventLink {
  readonly label: string;
  readonly sequence: number;
  readonly text: string;
}
