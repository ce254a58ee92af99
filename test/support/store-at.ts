import type { StateBackend, StoreOptions } from '../../core/store/port.ts';
import { PostgresBackend } from '../../core/store/postgres.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';

/** The store on a file or a server, for programs of the tests that are told where by one text. */
export function storeAt(address: string, options: StoreOptions = {}): Promise<StateBackend> {
  return address.startsWith('postgres')
    ? PostgresBackend.open(address, { connections: 2, ...options })
    : SqliteBackend.open(address, { ...options, generation: 11 });
}
