import type { SourceId } from '../core/contract/cursor.ts';
import type { GoTo, KeptTabs, OpenedSource } from '../core/contract/host.ts';
import { FaultError, type Result } from '../core/fault.ts';
import { discardSource, type PreparedSource, prepareSource, type SourceSpec } from '../core/source/spec.ts';
import { filesOf } from '../core/source/sqlite/prepare.ts';
import type { EngineProcess } from './engine-process.ts';
import { NO_TABS, sessionOf } from './session.ts';
import type { SettingsValues } from './settings.ts';

interface OpenEntry {
  readonly spec: SourceSpec;
  readonly prepared: PreparedSource;
  readonly opened: OpenedSource;
}

/** The open databases and what is shown of them: enough to open them again in a new engine or for a new page. */
export class Sources {
  readonly #engine: () => EngineProcess;
  readonly #samplePath: string;
  readonly #entries = new Map<SourceId, OpenEntry>();
  #last = 0;
  #tabs: KeptTabs = NO_TABS;
  /** What is being done to each source: its steps come one after another, so that closing during a reload closes. */
  readonly #queues = new Map<SourceId, Promise<unknown>>();

  /** @param samplePath the path of the bundled sample. */
  constructor(engine: () => EngineProcess, samplePath: string) {
    this.#engine = engine;
    this.#samplePath = samplePath;
  }

  /** In the order in which they were opened. */
  get opened(): readonly OpenedSource[] {
    return [...this.#entries.values()].map(({ opened }) => opened);
  }

  /** What is on screen. */
  get tabs(): KeptTabs {
    return this.#tabs;
  }

  /** What is on screen of the databases that can be opened again without the user. An address may have a password in it. */
  get session(): SettingsValues['session'] {
    const files = [...this.#entries].flatMap(([id, { spec, opened }]) =>
      spec.kind === 'sqlite' ? [[id, opened.isSample ? 'sample' : spec.path] as const] : [],
    );
    return files.length === 0 ? undefined : sessionOf(this.#tabs, new Map(files));
  }

  /** The files of the open databases, to which nothing may be written. */
  get files(): readonly string[] {
    return [...this.#entries.values()].flatMap(({ prepared }) => (prepared.kind === 'sqlite' ? filesOf(prepared.file) : []));
  }

  isOpenPath(path: string): boolean {
    return [...this.#entries.values()].some(({ spec }) => spec.kind === 'sqlite' && spec.path === path);
  }

  /** Opens a database in addition to those that are open. */
  async open(spec: SourceSpec, goTo: GoTo | null = null): Promise<Result<OpenedSource>> {
    const id = ++this.#last;
    return this.#inOrder(id, () => this.#open(id, spec, goTo));
  }

  /** Prepares and opens the database again, under the same id. If that fails, it stays open as it was. */
  async reload(id: SourceId): Promise<Result<OpenedSource>> {
    return this.#inOrder(id, async () => {
      const entry = this.#entries.get(id);
      if (entry === undefined) return { ok: false, fault: { kind: 'no-source' } };
      return this.#open(id, entry.spec, null);
    });
  }

  /** Opens all databases in a new engine. One that cannot be opened is closed. */
  async reopenAll(): Promise<readonly Result<OpenedSource>[]> {
    const results: Result<OpenedSource>[] = [];
    for (const id of [...this.#entries.keys()]) {
      await this.#inOrder(id, async () => {
        const entry = this.#entries.get(id);
        if (entry === undefined) return;
        const again = await this.#engine().ask('sources.open', { source: id, prepared: entry.prepared });
        // This engine has ended, too; the next one opens it.
        if (!again.ok && again.fault.kind === 'engine-gone') return;
        results.push(again.ok ? { ok: true, value: this.#entries.get(id)?.opened ?? entry.opened } : again);
        if (!again.ok) await this.#close(id);
      });
    }
    return results;
  }

  /** Remembers what is on screen, which from now on is more than what was asked to be shown first. */
  keepTabs(tabs: KeptTabs): void {
    this.#tabs = tabs;
    for (const [id, entry] of this.#entries) {
      if (entry.opened.goTo !== null) this.#entries.set(id, { ...entry, opened: { ...entry.opened, goTo: null } });
    }
  }

  async close(id: SourceId): Promise<void> {
    return this.#inOrder(id, () => this.#close(id));
  }

  async #inOrder<T>(id: SourceId, step: () => Promise<T>): Promise<T> {
    const done = (this.#queues.get(id) ?? Promise.resolve()).then(step);
    const settled = done.catch(() => {});
    this.#queues.set(id, settled);
    void settled.then(() => {
      if (this.#queues.get(id) === settled) this.#queues.delete(id);
    });
    return done;
  }

  async #close(id: SourceId): Promise<void> {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    await this.#engine().ask('sources.close', { source: id });
    if (entry !== undefined) await discardSource(entry.prepared);
  }

  /** Removes all private copies. */
  async discardAll(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(({ prepared }) => discardSource(prepared)));
  }

  async #open(id: SourceId, spec: SourceSpec, goTo: GoTo | null): Promise<Result<OpenedSource>> {
    let prepared: PreparedSource;
    try {
      prepared = await prepareSource(spec);
    } catch (error) {
      if (error instanceof FaultError) return { ok: false, fault: error.fault };
      throw error;
    }
    const engine = this.#engine();
    // After too many crashes the engine is stopped until a database is opened.
    if (!engine.isRunning) engine.restart();
    const answer = await engine.ask('sources.open', { source: id, prepared });
    if (!answer.ok) {
      await discardSource(prepared);
      return answer;
    }
    const isSample = spec.kind === 'example' || (spec.kind === 'sqlite' && spec.path === this.#samplePath);
    const opened: OpenedSource = { ...answer.value, source: id, goTo, isSample };
    const previous = this.#entries.get(id);
    this.#entries.set(id, { spec, prepared, opened });
    if (previous !== undefined) await discardSource(previous.prepared);
    return { ok: true, value: opened };
  }
}
