import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Unusual content that is not damage: schemas and rows that SQLite accepts, and files beside the database. */
export const CONTENTS = ['schema', 'rows', 'side'] as const;
export type ContentKind = (typeof CONTENTS)[number];

type Random = (below: number) => number;

/** @returns what was done, so that a failure can be understood. */
export function disturb(path: string, kind: ContentKind, random: Random): string {
  if (kind === 'side') return addSideFile(path, random);
  const database = new Database(path);
  try {
    return kind === 'schema' ? changeSchema(database, random) : changeRows(database, random);
  } finally {
    database.close();
  }
}

function chosen<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)] as T;
}

const COPY_ROWS = 'INSERT INTO new_events SELECT * FROM events; DROP TABLE events;';

/** Each makes the schema another one with the same rows, or hides a part of them. */
const SCHEMAS: Readonly<Record<string, string>> = {
  'no types and no index': `CREATE TABLE new_events (id, execution_id, sequence, kind_json, created_at); ${COPY_ROWS} ALTER TABLE new_events RENAME TO events`,
  'without rowid': `CREATE TABLE new_events (id TEXT PRIMARY KEY, execution_id TEXT, sequence INTEGER, kind_json TEXT, created_at TEXT) WITHOUT ROWID; ${COPY_ROWS}
    ALTER TABLE new_events RENAME TO events`,
  strict: `CREATE TABLE new_events (id TEXT PRIMARY KEY, execution_id TEXT, sequence INTEGER, kind_json TEXT, created_at TEXT) STRICT; ${COPY_ROWS}
    ALTER TABLE new_events RENAME TO events`,
  'no order of bytes in ids': `CREATE TABLE new_events (id TEXT, execution_id TEXT COLLATE NOCASE, sequence INTEGER, kind_json TEXT, created_at TEXT); ${COPY_ROWS}
    ALTER TABLE new_events RENAME TO events; CREATE INDEX by_id ON events (execution_id, sequence)`,
  'a view': `ALTER TABLE events RENAME TO stored; CREATE VIEW events AS SELECT * FROM stored`,
  'a view that leaves rows out': `ALTER TABLE events RENAME TO stored; CREATE VIEW events AS SELECT * FROM stored WHERE sequence % 2 = 0`,
  'a view of itself': `ALTER TABLE events RENAME TO stored; CREATE VIEW others AS SELECT * FROM stored; CREATE VIEW events AS SELECT * FROM others`,
  'a recursive view': `ALTER TABLE events RENAME TO stored;
    CREATE VIEW events AS WITH RECURSIVE n (sequence) AS (SELECT 1 UNION ALL SELECT sequence + 1 FROM n LIMIT 100)
      SELECT stored.id, stored.execution_id, stored.sequence, stored.kind_json, stored.created_at FROM stored JOIN n ON n.sequence = stored.sequence`,
  'a computed column': `ALTER TABLE events ADD COLUMN size INTEGER GENERATED ALWAYS AS (length(kind_json)) VIRTUAL`,
  'a partial index': `CREATE INDEX partly ON events (execution_id, sequence) WHERE sequence < 50`,
  'an index downwards': `CREATE INDEX downwards ON events (execution_id, sequence DESC)`,
  'many tables': Array.from({ length: 200 }, (_, i) => `CREATE TABLE other_${i} (a)`).join(';'),
  'names in capitals': `ALTER TABLE events RENAME TO e2; ALTER TABLE e2 RENAME TO EVENTS`,
  'no snapshots': 'DROP TABLE snapshots',
  'no events': 'DROP TABLE events',
  'a column less': 'ALTER TABLE workflow_executions DROP COLUMN current_state',
  'a trigger': `CREATE TRIGGER changed AFTER INSERT ON events BEGIN DELETE FROM events; END`,
};

function changeSchema(database: Database.Database, random: Random): string {
  const name = chosen(Object.keys(SCHEMAS), random);
  database.exec(SCHEMAS[name] as string);
  return name;
}

const SEQUENCES: readonly unknown[] = ['abc', null, -1, 0, 1.5, 9007199254740991, 9007199254740993n, Number.POSITIVE_INFINITY, '12', Buffer.from([1, 2]), 400];

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const patch = (value: string): string => `{"type":"node_completed","node_id":"n","output":null,"state_patch":{"k1":${value}},"duration_ms":1}`;
const PAYLOADS: readonly unknown[] = [
  null,
  42,
  '',
  'null',
  '[]',
  '{}',
  '{"type":1}',
  '{"type":"node_completed"}',
  '{"type":"never_heard_of","x":1}',
  '{"type":"node_completed","type":"node_failed"}',
  '{"type":"node_completed","node_id":"n","output":null,"state_patch":null,"duration_ms":-1}',
  '{"type":"node_completed","node_id":"\\ud800","output":null,"state_patch":{"\\udfff":1},"duration_ms":1}',
  patch(deep(100)),
  patch(deep(100_000)),
  patch('{"__proto__":{"a":1},"constructor":null}'),
  patch('1e999'),
  patch('123456789012345678901234567890.5'),
  patch(`"${'x'.repeat(5_000_000)}"`),
  patch('"\\u0000\\u202e"'),
  `\ufeff${patch('1')}`,
  `${patch('1')} trailing`,
  Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
  Buffer.from(patch('1')),
];

/** Gives some rows odd sequences, payloads and inputs. What a key or a type forbids is left as it is. */
function changeRows(database: Database.Database, random: Random): string {
  const done: string[] = [];
  const update = (sql: string, value: unknown, row: number): void => {
    try {
      database.prepare(sql).run(value, row);
      done.push(`${sql.slice(0, 40)} ${String(value).slice(0, 60)} of row ${row}`);
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
    }
  };
  for (let i = 0; i <= random(3); i++) {
    const row = 1 + random(480);
    const what = random(4);
    if (what === 0) update('UPDATE events SET sequence = ? WHERE rowid = ?', chosen(SEQUENCES, random), row);
    else if (what === 1) update('UPDATE workflow_executions SET initial_input = ? WHERE rowid = ?', chosen(PAYLOADS, random), 1 + random(3));
    else update('UPDATE events SET kind_json = ? WHERE rowid = ?', chosen(PAYLOADS, random), row);
  }
  return done.join('; ');
}

const SIDES: Readonly<Record<string, (path: string, random: Random) => void>> = {
  folder: (path) => mkdirSync(path),
  'named pipe': (path) => void execFileSync('mkfifo', [path]),
  'link to nothing': (path) => symlinkSync('nowhere', path),
  'link to itself': (path) => symlinkSync(path, path),
  'empty file': (path) => writeFileSync(path, ''),
  noise: (path, random) => writeFileSync(path, Buffer.from(Array.from({ length: 1 + random(20_000) }, () => random(256)))),
  'a log header alone': (path) => writeFileSync(path, Buffer.from('377f0682002de21800001000', 'hex')),
  'a journal header alone': (path) => writeFileSync(path, Buffer.concat([Buffer.from('d9d505f920a163d7', 'hex'), Buffer.alloc(504)])),
};

function addSideFile(path: string, random: Random): string {
  const [end, name] = [chosen(['-wal', '-shm', '-journal'], random), chosen(Object.keys(SIDES), random)];
  rmSync(`${path}${end}`, { recursive: true, force: true });
  SIDES[name]?.(`${path}${end}`, random);
  return `${end} is ${name}`;
}
