import type { StateBackend, StoreOptions } from '../../core/store/port.ts';
import { PostgresBackend } from '../../core/store/postgres.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';

/** Opens the store at a path or URL, for test programs that get it as an argument. */
export function storeAt(address: string, options: StoreOptions = {}): Promise<StateBackend> {
  return address.startsWith('postgres')
    ? PostgresBackend.open(address, { connections: 2, ...options })
    : SqliteBackend.open(address, { ...options, generation: 11 });
}
