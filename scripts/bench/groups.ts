import { besideRuntime } from './beside-runtime.ts';
import { diffing } from './diffing.ts';
import { explaining } from './explaining.ts';
import { exporting } from './exporting.ts';
import { growth } from './growth.ts';
import { indexing } from './indexing.ts';
import { live } from './live.ts';
import { many } from './many.ts';
import type { Group, Size } from './measure.ts';
import { opening } from './opening.ts';
import { painting } from './painting.ts';
import { peers } from './peers.ts';
import { postgres } from './postgres.ts';
import { scenarios } from './scenarios.ts';
import { seeking } from './seeking.ts';
import { store } from './store.ts';
import { ui } from './window.ts';

/** All groups by name. As a program, `node groups.ts NAME SIZE` measures one of them and prints its rows as JSON. */
export const GROUPS: Readonly<Record<string, Group>> = {
  opening,
  indexing,
  seeking,
  diffing,
  many,
  exporting,
  explaining,
  peers,
  besideRuntime,
  growth,
  live,
  scenarios,
  painting,
  ui,
  store,
  postgres,
};

export const SIZES: Readonly<Record<string, Size>> = {
  small: { name: 'small', events: 100_000, shown: '100,000' },
  full: { name: 'full', events: 1_000_000, shown: '1,000,000' },
};

if (import.meta.main) {
  const [group = '', size = ''] = process.argv.slice(2);
  const rows = await (GROUPS[group] as Group).measure(SIZES[size] as Size);
  process.stdout.write(JSON.stringify(rows), () => process.exit(0));
}
