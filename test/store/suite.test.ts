import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { MemoryBackend } from '../../core/store/memory.ts';
import { PostgresBackend } from '../../core/store/postgres.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { emptySchema } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temp.ts';
import { storeBehaviour } from './behaviour.ts';
import { foundInUse } from './found-in-use.ts';

for (const behaviour of [storeBehaviour, foundInUse]) {
  for (const generation of [3, 11] as const) {
    behaviour(`SQLite of generation ${generation}`, generation, async (options) => {
      const store = await SqliteBackend.open(join(temporaryFolder(), 'store.db'), { ...options, generation });
      onTestFinished(() => store.close());
      return store;
    });
  }
  behaviour('memory', 11, async (options) => new MemoryBackend(options));
  behaviour('Postgres', 11, async (options) => {
    const store = await PostgresBackend.open(await emptySchema(), options);
    onTestFinished(() => store.close());
    return store;
  });
}
