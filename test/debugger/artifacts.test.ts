import { createHash } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { EventDetail } from '../../core/contract/slices/event.ts';
import { type ArtifactReference, artifactReference } from '../../core/jamjet/artifact.ts';
import { parseJson } from '../../core/json/read.ts';
import { preparedFile, startEngine, value } from '../support/engine.ts';
import { temporaryFolder } from '../support/temp.ts';

const RUN = { source: 1, execution: '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a' };
const HASH = 'a'.repeat(64);

it('M29: only what the runtime takes for a reference is one', () => {
  const reference = (text: string) => artifactReference(parseJson(text));
  expect(reference(`{"$artifact":{"hash":"${HASH}","size":9000,"media_type":null}}`)).toEqual({ hash: HASH, size: 9000, mediaType: null });
  for (const plain of [
    `{"$artifact":{"hash":"${HASH.toUpperCase()}","size":1,"media_type":null}}`,
    `{"$artifact":{"hash":"${HASH.slice(1)}","size":1,"media_type":null}}`,
    `{"$artifact":{"hash":"${HASH}","size":-1,"media_type":null}}`,
    `{"$artifact":{"hash":"${HASH}","size":1.0,"media_type":null}}`,
    `{"$artifact":{"hash":"${HASH}","size":1}}`,
    `{"$artifact":{"hash":"${HASH}","size":1,"media_type":null,"x":1}}`,
    `{"$artifact":{"hash":"${HASH}","size":1,"media_type":null},"x":1}`,
    `["$artifact"]`,
  ]) {
    expect([plain, reference(plain)]).toEqual([plain, undefined]);
  }
});

/** The reference that is the output of an event. */
function referenceOf(event: EventDetail | null | undefined): ArtifactReference {
  const reference = event?.fields.find(({ name }) => name === 'output')?.artifact;
  if (reference === undefined) throw new Error('the event has no reference');
  return reference;
}

it('M29: an artifact is read on demand and compared with its name; one that was changed or is missing is said to be so', async () => {
  const path = join(temporaryFolder(), 'runtime.db');
  copyFileSync(join(import.meta.dirname, '..', '..', 'samples', 'runtime.db'), path);
  const { client } = startEngine();
  const open = async () => {
    await value(client.ask('sources.open', { source: 1, prepared: await preparedFile(path) }));
    await value(client.ask('executions.open', RUN));
  };
  await open();
  const frame = await value(client.ask('frame.at', { ...RUN, sequence: 119, reading: 'replay', want: { event: {} } }));
  const { hash, size } = referenceOf(frame.slices.event);
  const read = () => value(client.ask('values.artifact', { ...RUN, hash }));
  const sound = await read();
  expect(sound).toMatchObject({ verdict: 'sound', bytes: size });
  expect(createHash('sha256').update(sound.text).digest('hex')).toBe(hash);
  expect(await client.ask('values.artifact', { ...RUN, hash: '../etc' })).toMatchObject({ fault: { kind: 'bad-request' } });

  const change = async (sql: string): Promise<void> => {
    await value(client.ask('sources.close', { source: 1 }));
    const database = new Database(path);
    database.exec(sql);
    database.close();
    await open();
  };
  await change(`UPDATE artifacts SET bytes = CAST(replace(CAST(bytes AS TEXT), 'a', 'b') AS BLOB)`);
  expect(await read()).toMatchObject({ verdict: 'damaged', bytes: size });
  await change('DELETE FROM artifacts');
  expect(await read()).toEqual({ verdict: 'missing', bytes: 0, text: '' });
});

it('M14: a search looks into artifacts when it is asked to, and counts them apart', async () => {
  const { client } = startEngine();
  const path = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
  await value(client.ask('sources.open', { source: 1, prepared: await preparedFile(path) }));
  await value(client.ask('executions.open', RUN));
  const frame = await value(client.ask('frame.at', { ...RUN, sequence: 119, reading: 'replay', want: { event: {} } }));
  const { hash } = referenceOf(frame.slices.event);
  const { text } = await value(client.ask('values.artifact', { ...RUN, hash }));
  const sought = text.slice(200, 230).match(/[a-z]{4,}/)?.[0] ?? 'pages';
  const search = async (artifacts: boolean) => {
    for (;;) {
      const query = { text: sought, regex: false, matchCase: true, wholeWord: false, artifacts };
      const page = await value(client.ask('search.page', { ...RUN, from: 0, count: 500, query }));
      if (page.complete) return page;
    }
  };
  const [without, within] = [await search(false), await search(true)];
  expect(without.artifacts).toBe(0);
  expect(within).toMatchObject({ artifacts: 1, events: without.events });
  const inside = within.hits.filter(({ type }) => type === 'artifact');
  expect(inside.length).toBe(within.total - without.total);
  expect(inside.length).toBe(text.split(sought).length - 1);
  expect(inside.every(({ sequence, path: at }) => sequence === 119 && at.startsWith('/artifact'))).toBe(true);
});
