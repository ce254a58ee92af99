import { z } from 'zod';
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
  /** Why the runtime would refuse it. */
  readonly objections: readonly string[];
  readonly links: readonly EventLink[];
  /** Milliseconds since the event before; null for the first. */
  readonly sincePrevious: number | null;
}

export interface EventField {
  readonly name: string;
  readonly type: TreeRow['type'];
  /** Pretty JSON, or the bare string; cut. */
  readonly text: string;
  readonly cut: boolean;
  /** The runtime reads this number as another one. */
  readonly rounded: string | null;
}

export interface EventLink {
  readonly label: string;
  readonly sequence: number;
  readonly text: string;
}
