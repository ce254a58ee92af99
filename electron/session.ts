import { existsSync } from 'node:fs';
import type { KeptTabs, OpenedSource } from '../core/contract/host.ts';
import type { Result } from '../core/fault.ts';
import type { SourceSpec } from '../core/source/spec.ts';
import type { SettingsValues } from './settings.ts';

type Session = NonNullable<SettingsValues['session']>;

/** A database that was open when the application ended. */
interface Remembered {
  readonly path: string;
  /** undefined when the file is missing now. */
  readonly spec: SourceSpec | undefined;
}

export const NO_TABS: KeptTabs = { tabs: [], shown: null, list: null };

/** @param samplePath the path of the bundled sample, which may have moved since. */
export function rememberedSources(session: Session | undefined, samplePath: string): readonly Remembered[] {
  return (session?.open ?? []).map((open) => {
    const path = open === 'sample' ? samplePath : open;
    return { path, spec: existsSync(path) ? { kind: 'sqlite', path } : undefined };
  });
}

/** The tabs of the session, of those of its databases that could be opened. @param opened the answers, in the order of the session. */
export function rememberedTabs(session: Session, opened: readonly (Result<OpenedSource> | undefined)[]): KeptTabs {
  const ids = opened.map((answer) => (answer?.ok === true ? answer.value.source : undefined));
  const tabs = session.tabs.flatMap(({ of, ...look }, place) => {
    const source = ids[of];
    return source === undefined ? [] : [{ place, tab: { source, ...look } }];
  });
  const shown = tabs.findIndex(({ place }) => place === session.shown);
  return { tabs: tabs.map(({ tab }) => tab), shown: shown < 0 ? null : shown, list: session.list === null ? null : (ids[session.list] ?? null) };
}

/** What is on screen, to be shown again by the next start. @param paths the sources that can be opened again without the user. */
export function sessionOf({ tabs, shown, list }: KeptTabs, paths: ReadonlyMap<number, string>): Session {
  const sources = [...paths.keys()];
  const kept = tabs.map((tab, place) => ({ tab, place })).filter(({ tab }) => paths.has(tab.source));
  const shownTab = kept.findIndex(({ place }) => place === shown);
  return {
    open: [...paths.values()],
    tabs: kept.map(({ tab: { source, ...look } }) => ({ of: sources.indexOf(source), ...look })),
    shown: shownTab < 0 ? null : shownTab,
    list: list !== null && paths.has(list) ? sources.indexOf(list) : null,
  };
}
