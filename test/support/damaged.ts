import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';

const AT = '2026-06-01T12:00:00+00:00';
const PAGE = 4096;

export interface DamagedFile {
  /** How many pages the events of `run` fill. */
  readonly pages: number;
}

/**
 * A database with an execution `run` of 2,000 events, one page of which is overwritten, at about the 1,400th event.
 *
 * @param otherEvents the number of events of another execution, `long`, which is not damaged.
 */
export function brokenInTheMiddle(path: string, otherEvents = 0): DamagedFile {
  const database = new Database(path);
  database.exec(`CREATE TABLE workflow_executions (execution_id, workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at, completed_at);
    CREATE TABLE events (execution_id TEXT, sequence INTEGER, kind_json TEXT, created_at TEXT, UNIQUE (execution_id, sequence));
    CREATE TABLE snapshots (execution_id, at_sequence, state_json, created_at)`);
  const leaves = (): number[] =>
    database.prepare(`SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf' ORDER BY path`).pluck().all() as number[];
  addRun(database, 'run', 2000);
  const [page, pages] = [leaves()[Math.floor(leaves().length * 0.7)] as number, leaves().length];
  if (otherEvents > 0) addRun(database, 'long', otherEvents);
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, (page - 1) * PAGE, page * PAGE);
  writeFileSync(path, bytes);
  return { pages };
}

/** Fills one page with zeros. @param page from 1 on; pages behind the last one are counted from the first again. @returns what was done. */
export function zeroPage(path: string, page: number): string {
  const bytes = readFileSync(path);
  const size = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
  const at = (page - 1) % Math.floor(bytes.length / size);
  bytes.fill(0, at * size, (at + 1) * size);
  writeFileSync(path, bytes);
  return `page ${at + 1} of ${bytes.length / size} is zeroed`;
}

function addRun(database: Database.Database, id: string, count: number): void {
  database.prepare(`INSERT INTO workflow_executions VALUES (?, 'w', '1', 'running', '{}', '{}', ?, ?, NULL)`).run(id, AT, AT);
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?)');
  database.transaction(() => {
    for (let n = 1; n <= count; n++)
      insert.run(
        id,
        n,
        `{"type":"node_completed","node_id":"a","output":null,"state_patch":{"of":"${id}","n":${n}},"duration_ms":1,"pad":"${'x'.repeat(200)}"}`,
        AT,
      );
  })();
}
