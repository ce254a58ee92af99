import type { Source } from './port.ts';
import type { PreparedSource } from './spec.ts';

/**
 * Opens what has been prepared: the one place where a kind of source becomes a reader of it. Drivers are loaded only
 * where they are needed, because some hosts of the engine have none.
 *
 * @throws FaultError when it cannot be opened or is no JamJet database.
 */
export async function openSource(prepared: PreparedSource): Promise<Source> {
  switch (prepared.kind) {
    case 'sqlite': {
      const { SqliteSource } = await import('./sqlite/source.ts');
      return SqliteSource.open(prepared.file);
    }
    case 'postgres': {
      const { PostgresSource } = await import('./postgres/source.ts');
      return PostgresSource.open(prepared.address);
    }
    case 'example': {
      const [{ MemorySource }, { WORKED_EXAMPLE }] = await Promise.all([import('./memory.ts'), import('./memory-example.ts')]);
      return new MemorySource(WORKED_EXAMPLE);
    }
  }
}
