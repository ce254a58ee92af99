import type { Bookmark } from '../../core/contract/bookmarks.ts';
import type { Params } from '../../core/contract/contract.ts';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { Host, HostStart, KeptTabs, OpenedSource } from '../../core/contract/host.ts';
import { type Fault, FaultError, unwrap } from '../../core/fault.ts';
import { DEFAULT_PREFERENCES } from '../../core/vocabulary.ts';
import type { EngineClient } from './engine.ts';

type Prepared = Params<'sources.open'>['prepared'];

export interface MemoryHost {
  readonly host: Host;
  /** What the next `host.chooseSource` opens, as if the user had chosen it in a dialog. */
  choose(prepared: Prepared): void;
  /** What was on screen, each time that it was remembered. */
  readonly kept: KeptTabs[];
  readonly copied: string[];
  readonly closed: SourceId[];
}

/** A host without a window, which keeps everything in memory. */
export function memoryHost(engine: EngineClient, start: Partial<HostStart> = {}): MemoryHost {
  const chosen: Prepared[] = [];
  const specs = new Map<SourceId, Prepared>();
  const kept: KeptTabs[] = [];
  const bookmarks = new Map<string, readonly Bookmark[]>();
  const copied: string[] = [];
  const closed: SourceId[] = [];
  let last = 0;
  const open = async (source: SourceId, prepared: Prepared): Promise<OpenedSource> => {
    const summary = unwrap(await engine.ask('sources.open', { source, prepared }));
    specs.set(source, prepared);
    return { ...summary, location: `${summary.location}#${source}`, source, goTo: null, isSample: false };
  };
  const absent = (): never => {
    throw new FaultError('bad-request', { detail: 'this host has none of that' });
  };
  const host: Host = {
    'host.start': async () => ({
      sources: [],
      recent: [],
      tabs: { tabs: [], shown: null, list: null },
      preferences: { ...DEFAULT_PREFERENCES, theme: 'dark' },
      layout: {},
      workflows: {},
      columns: {},
      version: '0',
      platform: 'linux',
      fault: null as Fault | null,
      missing: [],
      testing: true,
      ...start,
    }),
    'host.showMenu': async () => null,
    'host.chooseSource': async () => {
      const prepared = chosen.shift();
      return prepared === undefined ? null : open(++last, prepared);
    },
    'host.canRememberPasswords': async () => false,
    'host.connect': async ({ address, password }) => {
      const complete = new URL(address);
      if (password !== undefined) complete.password = encodeURIComponent(password);
      return open(++last, { kind: 'postgres', address: complete.href });
    },
    'host.openRecovered': absent,
    'host.openSample': async () => open(++last, { kind: 'example' }),
    'host.openRecent': async () => absent(),
    'host.openDropped': async () => absent(),
    'host.forgetRecent': async () => [],
    'host.reloadSource': async ({ source }) => open(source, specs.get(source) ?? absent()),
    'host.closeSource': async ({ source }) => {
      closed.push(source);
      unwrap(await engine.ask('sources.close', { source }));
      return [];
    },
    'host.saveExport': async () => absent(),
    'host.saveImage': async () => absent(),
    'host.copyExport': async (choice) => {
      const { text } = unwrap(await engine.ask('export.text', choice));
      copied.push(text);
      return { path: 'clipboard', bytes: Buffer.byteLength(text) };
    },
    'host.copyText': async ({ text }) => {
      copied.push(text);
      return null;
    },
    'host.keepSettings': async () => null,
    'host.bookmarks': async ({ execution }) => bookmarks.get(execution) ?? [],
    'host.keepBookmark': async ({ execution, sequence, bookmark }) => {
      const others = (bookmarks.get(execution) ?? []).filter((known) => known.sequence !== sequence);
      const kept = [...others, ...(bookmark === null ? [] : [bookmark])];
      bookmarks.set(execution, kept);
      return kept;
    },
    'host.keepTabs': async (tabs) => {
      kept.push(tabs);
      return null;
    },
  };
  return { host, choose: (prepared) => void chosen.push(prepared), kept, copied, closed };
}
