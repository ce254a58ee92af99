import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventLines } from '../../core/export/events.ts';
import { writeFileWhole } from '../../core/export/write-file.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';
import { fail } from '../say.ts';
import { agentRun } from './databases.ts';
import { type Group, ratios, rowOf } from './measure.ts';
import { rawSelect } from './subject.ts';

/** All events as JSON lines, beside reading the rows and writing as many bytes (B1 + B3, both to the disk). */
export const exporting: Group = {
  goals: ['G8'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const folder = mkdtempSync(join(tmpdir(), 'hindsight-bench-'));
    const path = join(folder, 'events.jsonl');
    const exported = async (): Promise<void> => {
      const source = SqliteSource.open(subject.file);
      await writeFileWhole(path, texts(source, subject.execution));
      source.close();
    };
    try {
      await exported();
      const content = readFileSync(path);
      if (content.at(-1) !== 0x0a || !content.subarray(0, 14).equals(Buffer.from('{"sequence":1,'))) fail('The export is wrong; nothing was measured.');
      const found = await ratios(async () => {
        rawSelect(subject);
        const file = await open(join(folder, 'bytes'), 'w');
        await file.writeFile(content);
        await file.sync();
        await file.close();
      }, exported);
      return [rowOf('G8', `export of ${shown} events / reading the rows and writing as many bytes`, found, 'x', 1.2)];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function* texts(source: SqliteSource, execution: string): AsyncGenerator<Buffer> {
  for await (const { text } of eventLines(source, execution, {})) yield text;
}
