import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventLines } from '../../core/export/events.ts';
import { writeFileWhole } from '../../core/export/write-file.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';
import { fail } from '../say.ts';
import { agentRun } from './databases.ts';
import { type Group, ratios, rowOf } from './measure.ts';
import { rawSelect } from './subject.ts';

/** Compares the export of all events with reading the rows and writing as many bytes (B1 + B3, flushed to the disk). */
export const exporting: Group = {
  goals: ['G8'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const folder = mkdtempSync(join(tmpdir(), 'hindsight-bench-'));
    const path = join(folder, 'events.jsonl');
    const exported = async (): Promise<void> => {
      const source = await SqliteSource.open(subject.file);
      await writeFileWhole(path, texts(source, subject.execution));
      source.close();
    };
    try {
      await exported();
      const size = await checked(path, events);
      // A small buffer written repeatedly, because half a gigabyte in memory would slow down both.
      const bytes = Buffer.alloc(1 << 20, 'x');
      const found = await ratios(
        async () => {
          rawSelect(subject);
          const file = await open(join(folder, 'bytes'), 'w');
          for (let left = size; left > 0; left -= bytes.length) await file.write(bytes, 0, Math.min(left, bytes.length));
          await file.sync();
          await file.close();
          rmSync(join(folder, 'bytes'));
        },
        async () => {
          await exported();
          rmSync(path);
        },
      );
      return [rowOf('G8', `export of ${shown} events / reading the rows and writing as many bytes`, found, 'x', 1.2)];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Checks that the file has a line for each event, in order. @returns its size in bytes. */
async function checked(path: string, events: number): Promise<number> {
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    lines++;
    if (!line.startsWith(`{"sequence":${lines},"created_at":"`) || !line.endsWith('}}')) fail(`Line ${lines} of the export is wrong; nothing was measured.`);
  }
  if (lines < events) fail('The export is too short; nothing was measured.');
  return statSync(path).size;
}

async function* texts(source: SqliteSource, execution: string): AsyncGenerator<Buffer> {
  for await (const { text } of eventLines(source, execution, {})) yield text;
}
