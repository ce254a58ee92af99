import { existsSync } from 'node:fs';
import type { GoTo } from '../core/contract/host.ts';
import type { SourceSpec } from '../core/source/spec.ts';
import type { Settings } from './settings.ts';

/** What was on screen when the application ended. */
export type Session =
  | { readonly kind: 'none' }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'known'; readonly spec: SourceSpec; readonly goTo: GoTo | null };

/** @param samplePath the path of the bundled sample, which may have moved since. */
export function lastSession({ session }: Settings, samplePath: string): Session {
  if (session === undefined) return { kind: 'none' };
  const path = session.open === 'sample' ? samplePath : session.open;
  return existsSync(path) ? { kind: 'known', spec: { kind: 'sqlite', path }, goTo: session.goTo } : { kind: 'missing', path };
}
