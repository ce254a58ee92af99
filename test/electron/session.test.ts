import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { KeptTab, OpenedSource } from '../../core/contract/host.ts';
import type { Result } from '../../core/fault.ts';
import { rememberedSources, rememberedTabs, sessionOf } from '../../electron/session.ts';
import { Settings } from '../../electron/settings.ts';
import { temporaryFolder } from '../support/temp.ts';

const tab = (source: number, execution: string): KeptTab => ({ source, execution, workflow: 'w', sequence: 3, tab: 'json', side: 'costs', filter: '' });
const opened = (source: number): Result<OpenedSource> => ({ ok: true, value: { source } as OpenedSource });
const FAILED: Result<OpenedSource> = { ok: false, fault: { kind: 'no-source' } };

it('S16: the databases of the last session are known or missing, and the sample may have moved', () => {
  const file = join(temporaryFolder(), 'a.db');
  writeFileSync(file, '');
  expect(rememberedSources(undefined, file)).toEqual([]);
  const session = { open: ['/gone.db', 'sample', file], tabs: [], shown: null, list: null };
  expect(rememberedSources(session, file).map(({ spec }) => spec)).toEqual([undefined, { kind: 'sqlite', path: file }, { kind: 'sqlite', path: file }]);
});

it('M24: the tabs of all databases are remembered but for those that cannot be opened, and so is the one that is shown', async () => {
  const path = join(temporaryFolder(), 'settings.json');
  const settings = new Settings(path);
  const files = new Map([
    [4, '/a.db'],
    [7, '/b.db'],
  ]);
  // Source 5 is a server.
  const session = sessionOf({ tabs: [tab(5, 'p'), tab(7, 'x'), tab(4, 'y'), tab(7, 'z')], shown: 3, list: null }, files);
  settings.set({ session });
  await settings.flush();
  const read = new Settings(path).session;
  expect(read).toEqual(session);
  if (read === undefined) return;
  expect(read.open).toEqual(['/a.db', '/b.db']);
  expect(rememberedTabs(read, [opened(1), opened(2)])).toEqual({ tabs: [tab(2, 'x'), tab(1, 'y'), tab(2, 'z')], shown: 2, list: null });
  expect(rememberedTabs(read, [FAILED, opened(1)])).toEqual({ tabs: [tab(1, 'x'), tab(1, 'z')], shown: 1, list: null });
  expect(rememberedTabs(read, [opened(1), undefined])).toEqual({ tabs: [tab(1, 'y')], shown: null, list: null });
  expect(rememberedTabs({ ...read, shown: null, list: 1 }, [opened(1), opened(2)])).toMatchObject({ shown: null, list: 2 });
});

it('F31: settings of which the session cannot be read keep the rest', async () => {
  const path = join(temporaryFolder(), 'settings.json');
  writeFileSync(path, JSON.stringify({ theme: 'light', zoom: 2, session: { open: '/old.db', goTo: null } }));
  const settings = new Settings(path);
  expect(settings.session).toBeUndefined();
  expect(settings.preferences).toMatchObject({ theme: 'light', zoom: 2, density: 'comfortable', keys: {} });
});
