import type { SourceId } from '../core/contract/cursor.ts';
import type { OpenedSource } from '../core/contract/host.ts';
import { FaultError, type Result } from '../core/fault.ts';
import { discardSource, type PreparedSource, prepareSource, type SourceSpec } from '../core/source/spec.ts';
import type { EngineProcess } from './engine-process.ts';

type GoTo = OpenedSource['goTo'];

interface Held {
  readonly spec: SourceSpec;
  readonly prepared: PreparedSource;
  readonly opened: OpenedSource;
}

/** Which databases are open, and where somebody stands in each: enough to open them again in a new engine, and for a new page. */
export class Sources {
  readonly #engine: () => EngineProcess;
  readonly #samplePath: string;
  readonly #held = new Map<SourceId, Held>();
  #last = 0;

  /** @param samplePath of the bundled sample. */
  constructor(engine: () => EngineProcess, samplePath: string) {
    this.#engine = engine;
    this.#samplePath = samplePath;
  }

  /** In the order in which they were opened. */
  get opened(): readonly OpenedSource[] {
    return [...this.#held.values()].map(({ opened }) => opened);
  }

  isOpenPath(path: string): boolean {
    return [...this.#held.values()].some(({ spec }) => spec.kind === 'sqlite' && spec.path === path);
  }

  /** Opens what a person has chosen, beside what is open. */
  async open(spec: SourceSpec, goTo: GoTo = null): Promise<Result<OpenedSource>> {
    return this.#open(++this.#last, spec, goTo);
  }

  /** The same database from the beginning, under the same id: a copy is taken anew. What was open stays open when it cannot be. */
  async reload(id: SourceId): Promise<Result<OpenedSource>> {
    const held = this.#held.get(id);
    return held === undefined ? { ok: false, fault: { kind: 'no-source' } } : this.#open(id, held.spec, held.opened.goTo);
  }

  /** Everything that was open, in a new engine. What cannot be opened any more is closed. */
  async reopenAll(): Promise<readonly Result<OpenedSource>[]> {
    const results: Result<OpenedSource>[] = [];
    for (const [id, { prepared, opened }] of [...this.#held]) {
      const again = await this.#engine().ask('sources.open', { source: id, prepared });
      if (again.ok) results.push({ ok: true, value: opened });
      else {
        results.push(again);
        await this.close(id);
      }
    }
    return results;
  }

  setCursor(id: SourceId, goTo: GoTo): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#held.set(id, { ...held, opened: { ...held.opened, goTo } });
  }

  async close(id: SourceId): Promise<void> {
    const held = this.#held.get(id);
    this.#held.delete(id);
    await this.#engine().ask('sources.close', { source: id });
    if (held !== undefined) await discardSource(held.prepared);
  }

  /** Removes all private copies. */
  async discardAll(): Promise<void> {
    const held = [...this.#held.values()];
    this.#held.clear();
    await Promise.all(held.map(({ prepared }) => discardSource(prepared)));
  }

  async #open(id: SourceId, spec: SourceSpec, goTo: GoTo): Promise<Result<OpenedSource>> {
    let prepared: PreparedSource;
    try {
      prepared = await prepareSource(spec);
    } catch (error) {
      if (error instanceof FaultError) return { ok: false, fault: error.fault };
      throw error;
    }
    const engine = this.#engine();
    // After too many crashes it stays down until somebody opens something.
    if (!engine.isRunning) engine.restart();
    const answer = await engine.ask('sources.open', { source: id, prepared });
    if (!answer.ok) {
      await discardSource(prepared);
      return answer;
    }
    const isSample = spec.kind === 'example' || (spec.kind === 'sqlite' && spec.path === this.#samplePath);
    const opened: OpenedSource = { ...answer.value, source: id, goTo, isSample };
    const previous = this.#held.get(id);
    this.#held.set(id, { spec, prepared, opened });
    if (previous !== undefined) await discardSource(previous.prepared);
    return { ok: true, value: opened };
  }
}
