import { join, resolve } from 'node:path';
import type { Params } from '../core/contract.ts';
import { FaultError, type Result } from '../core/fault.ts';
import type { OpenSource } from '../core/replies.ts';
import { discard, type PreparedFile, prepareSqlite } from '../core/source/sqlite/prepare.ts';
import type { EngineHost } from './engine-host.ts';

type Place = { readonly execution: string; readonly sequence: number | null };

/** Which database is open, and where one stands in it: enough to open it again in a new engine. */
export class Sources {
  readonly #engine: () => EngineHost;
  readonly #samplePath: string;
  #file: PreparedFile | undefined;
  #place: Place | null = null;
  #isExample = false;

  constructor(engine: () => EngineHost, root: string) {
    this.#engine = engine;
    this.#samplePath = join(root, 'samples', 'runtime.db');
  }

  get samplePath(): string {
    return this.#samplePath;
  }

  get currentPath(): string | undefined {
    return this.#file?.original;
  }

  setPlace(place: Place | null): void {
    this.#place = place;
  }

  /** A small example in memory, for hosts that cannot load a database driver. */
  async openExample(): Promise<Result<OpenSource>> {
    const opened = await this.#engine().ask('source.open', { memory: 'example' });
    this.#isExample = opened.ok;
    return opened.ok ? { ok: true, value: { ...opened.value, place: null, isSample: true } } : opened;
  }

  /** Opens a file that a person has chosen. What was open stays open when this one cannot be. */
  async open(path: string, place: Place | null = null): Promise<Result<OpenSource>> {
    let file: PreparedFile;
    try {
      file = await prepareSqlite(resolve(path));
    } catch (error) {
      if (error instanceof FaultError) return { ok: false, fault: error.fault };
      throw error;
    }
    const opened = await this.#openInEngine(file);
    if (!opened.ok) {
      await discard(file);
      return opened;
    }
    const previous = this.#file;
    this.#file = file;
    this.#place = place;
    if (previous !== undefined) await discard(previous);
    return { ok: true, value: { ...opened.value, place } };
  }

  /** The same file from the beginning: a copy is taken anew. */
  async again(): Promise<Result<OpenSource | null>> {
    const path = this.currentPath;
    return path === undefined ? { ok: true, value: null } : this.open(path, this.#place);
  }

  /** What was open, again, in a new engine. */
  async reopen(): Promise<Result<OpenSource> | undefined> {
    if (this.#isExample) {
      const example = await this.openExample();
      return example.ok ? { ok: true, value: { ...example.value, place: this.#place } } : example;
    }
    if (this.#file === undefined) return undefined;
    const opened = await this.#openInEngine(this.#file);
    return opened.ok ? { ok: true, value: { ...opened.value, place: this.#place } } : opened;
  }

  async close(): Promise<void> {
    await this.#engine().ask('source.shut', {});
    await this.discard();
  }

  /** Removes the private copy, if there is one. */
  async discard(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#place = null;
    if (file !== undefined) await discard(file);
  }

  async #openInEngine(file: PreparedFile): Promise<Result<OpenSource>> {
    const params: Params<'source.open'> = {
      file: { original: file.original, path: file.path, access: file.access, ...(file.folder === undefined ? {} : { folder: file.folder }) },
    };
    const engine = this.#engine();
    // After too many crashes it stays down until somebody opens something.
    if (!engine.isRunning) engine.restart();
    const opened = await engine.ask('source.open', params);
    return opened.ok ? { ok: true, value: { ...opened.value, place: null, isSample: file.original === this.#samplePath } } : opened;
  }
}
