import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lastSession } from '../../electron/session.ts';
import { Settings } from '../../electron/settings.ts';
import { temporaryFolder } from '../support/temp.ts';

it('S16: the last session is known, missing or none, and the sample may have moved', async () => {
  const folder = temporaryFolder();
  const [file, settingsFile] = [join(folder, 'a.db'), join(folder, 'settings.json')];
  writeFileSync(file, '');
  const settings = new Settings(settingsFile);
  const last = (open: string | undefined, samplePath = '/old/sample.db') => {
    settings.set({ session: open === undefined ? undefined : { open, goTo: { execution: 'x', sequence: 3, tab: 'json' } } });
    return lastSession(settings, samplePath);
  };
  const goTo = { execution: 'x', sequence: 3, tab: 'json' };
  expect(last(undefined)).toEqual({ kind: 'none' });
  expect(last('/gone.db')).toEqual({ kind: 'missing', path: '/gone.db' });
  expect(last('sample', file)).toEqual({ kind: 'known', spec: { kind: 'sqlite', path: file }, goTo });
  expect(last(file)).toEqual({ kind: 'known', spec: { kind: 'sqlite', path: file }, goTo });
  await settings.flush();
  expect(new Settings(settingsFile).session).toEqual({ open: file, goTo });
});
