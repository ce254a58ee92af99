import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { columnChoices, type RecentSource, tabLook, type WorkflowChoices, workflowChoices } from '../core/contract/host.ts';
import { type Preferences, preferences } from '../core/contract/preferences.ts';
import { addressLabel, withoutPassword } from '../core/postgres/address.ts';
import { DEFAULT_PREFERENCES, MAX_TABS } from '../core/vocabulary.ts';
import { readKept, writeKept } from './kept-file.ts';

/** What was on screen when the application ended. */
const session = z.object({
  /** The paths of the open databases, or `sample`. */
  open: z.array(z.string().max(4096)).max(20),
  /** The tabs in their order; `of` is the place of their database in `open`. */
  tabs: z.array(tabLook.extend({ of: z.int().min(0) })).max(MAX_TABS),
  /** The tab that is shown, or the database whose list is. */
  shown: z.int().min(0).nullable(),
  list: z.int().min(0).nullable(),
});

/** What a later version remembers besides is kept. */
const schema = z.looseObject({
  ...forgiving(preferences.partial().shape),
  recent: z
    .array(z.object({ path: z.string().max(4096), openedAt: z.string() }))
    .max(20)
    .catch([]),
  layout: z.record(z.string(), z.array(z.number())).catch({}),
  session: session.optional().catch(undefined),
  /** What the user looks at in the runs of a workflow. */
  workflows: z.record(z.string(), workflowChoices).catch({}),
  columns: columnChoices.catch({}),
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).optional().catch(undefined),
});

/** One value that cannot be read must not take the others with it. */
function forgiving<T extends z.ZodRawShape>(shape: T): T {
  return Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, (type as z.ZodType).catch(undefined)])) as unknown as T;
}
export type SettingsValues = z.output<typeof schema>;
type Values = SettingsValues;

/** @returns nothing for an address that cannot be read. */
function recentSource(path: string, openedAt: string): readonly RecentSource[] {
  if (!path.includes('://')) {
    return [{ path, kind: 'SQLite', name: basename(path), folder: dirname(path), openedAt, missing: !existsSync(path) }];
  }
  try {
    const { name, server } = addressLabel(path);
    return [{ path: withoutPassword(path), kind: 'Postgres', name, folder: server, openedAt, missing: false }];
  } catch {
    return [];
  }
}

const MAX_RECENT = 20;
/** How many groups of panels are remembered; those that changed last are kept. */
const MAX_GROUPS = 50;
/** Likewise for workflows. */
const MAX_WORKFLOWS = 100;

/** What is remembered between starts. */
export class Settings {
  readonly #path: string;
  #values: Values;
  #writing: Promise<unknown> = Promise.resolve();
  readonly #onRecent: () => void;

  /** @param onRecent called when the recent files have changed. */
  constructor(path: string, onRecent: () => void = () => {}) {
    this.#path = path;
    this.#onRecent = onRecent;
    this.#values = readKept(path, schema, 'settings');
  }

  get preferences(): Preferences {
    const chosen = Object.keys(DEFAULT_PREFERENCES).map((name) => [name, this.#values[name as keyof Preferences]] as const);
    return { ...DEFAULT_PREFERENCES, ...Object.fromEntries(chosen.filter(([, value]) => value !== undefined)) };
  }

  get layout(): Values['layout'] {
    return this.#values.layout;
  }

  get columns(): Values['columns'] {
    return this.#values.columns;
  }

  get session(): Values['session'] {
    return this.#values.session;
  }

  get workflows(): Values['workflows'] {
    return this.#values.workflows;
  }

  get bounds(): Values['bounds'] {
    return this.#values.bounds;
  }

  /** Newest first. A file that no longer exists is kept and marked as missing. */
  get recent(): readonly RecentSource[] {
    return this.#values.recent.flatMap(({ path, openedAt }) => recentSource(path, openedAt));
  }

  isRecent(path: string): boolean {
    return this.#values.recent.some((known) => known.path === path);
  }

  addRecent(path: string): void {
    const others = this.#values.recent.filter((known) => known.path !== path);
    this.#setRecent([{ path, openedAt: new Date().toISOString() }, ...others].slice(0, MAX_RECENT));
  }

  /** @param sizes the sizes of panels in percent, by the name of their group. */
  keepLayout(sizes: Values['layout']): void {
    const others = Object.entries(this.layout).filter(([name]) => !Object.hasOwn(sizes, name));
    this.set({ layout: Object.fromEntries([...others, ...Object.entries(sizes)].slice(-MAX_GROUPS)) });
  }

  keepWorkflow(id: string, choices: WorkflowChoices): void {
    const others = Object.entries(this.workflows).filter(([known]) => known !== id);
    const isEmpty = Object.values(choices).every((list) => list.length === 0);
    this.set({ workflows: Object.fromEntries([...others, ...(isEmpty ? [] : [[id, choices] as const])].slice(-MAX_WORKFLOWS)) });
  }

  forget(path: string): void {
    this.#setRecent(this.#values.recent.filter((known) => known.path !== path));
  }

  clearRecent(): void {
    this.#setRecent([]);
  }

  #setRecent(recent: Values['recent']): void {
    this.set({ recent });
    this.#onRecent();
  }

  set(values: Partial<Values>): void {
    this.#values = { ...this.#values, ...values };
    const text = `${JSON.stringify(this.#values, null, 2)}\n`;
    // Writes happen one after another. A failure is not worth interrupting the user.
    this.#writing = this.#writing
      .then(() => writeKept(this.#path, text))
      .catch((error: Error) => console.error(`settings could not be written: ${error.message}`));
  }

  /** Resolves when all changes are written. */
  async flush(): Promise<void> {
    await this.#writing;
  }
}
