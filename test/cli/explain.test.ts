import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { goldenDatabase, goldenLines } from '../support/golden.ts';
import { temporaryFolder } from '../support/temp.ts';

const ROOT = join(import.meta.dirname, '..', '..');

function hindsight(...args: readonly string[]): { out: string; err: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'core', 'cli', 'main.ts'), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { out: stdout, err: stderr, status };
}

describe('hindsight sent', () => {
  it('--each prints every request of a run as the model got it, in order', () => {
    const { out, status } = hindsight('sent', goldenDatabase('agents-0.5.0'), 'd55a8583', '--each', '--json');
    const requests = out
      .trimEnd()
      .split('\n')
      .map((line) => canonicalJson((parseJson(line) as JsonObject).get('request') ?? null));
    const seen = goldenLines('agents-0.5.0.seen.jsonl.gz').map((line) => parseJson(line) as JsonObject);
    expect([status, requests]).toEqual([0, seen.filter((line) => line.get('case') === 'case 1').map((line) => line.get('request'))]);
  });

  it('prints the call at an event or of a turn, and says when there is none', () => {
    const database = goldenDatabase('agents-0.5.0');
    const startOf = (...args: readonly string[]): unknown => JSON.parse(hindsight('sent', database, 'd55a8583', ...args).out);
    expect(startOf('--at', '6')).toMatchObject({ node_id: '__model_0__', started: 5, attempt: 1, answer: { type: 'node_parked' } });
    expect(startOf('--turn', '0')).toMatchObject({ node_id: '__model_0__', started: 7, attempt: 2, answer: { type: 'node_completed' } });
    expect(hindsight('sent', database, 'd55a8583', '--at', '2')).toEqual({ out: '', err: 'No model was started there.\n', status: 0 });
  });
});

describe('hindsight why', () => {
  it('prints the sentence and its chain', () => {
    const why = JSON.parse(hindsight('why', goldenDatabase('agents-0.5.0'), 'a379051c', '--json').out) as {
      readonly sentence: string;
      readonly chain: readonly unknown[];
    };
    expect(why.sentence).toBe('Failed at #21: kim rejected tools, turn 1 at #20 (“looked at it”). The model had asked for refund_order at #14.');
    expect(why.chain.map((link) => (link as { readonly sequence: number }).sequence)).toEqual([22, 21, 20, 17, 14]);
  });

  it('groups the runs of a database by cause', () => {
    const { out, err } = hindsight('why', goldenDatabase('agents-0.5.0'), '--json');
    expect((JSON.parse(out) as { readonly runs: number; readonly kind: string }[]).map(({ runs, kind }) => [runs, kind])).toEqual([
      [2, 'rejected'],
      [1, 'nothing-to-send'],
    ]);
    expect(err).toBe('12 executions, of which 9 completed and were not read.\n');
  });
});

describe('hindsight story', () => {
  it('prints the same lines as text, JSON and Markdown', () => {
    const database = goldenDatabase('agents-0.5.0');
    const [text, json, markdown] = [[], ['--json'], ['--markdown']].map((options) =>
      hindsight('story', database, 'a379051c', ...options)
        .out.trimEnd()
        .split('\n'),
    );
    expect([text?.length, json?.length, markdown?.length]).toEqual([5, 5, 5]);
    expect(text?.[4]).toBe('#22          End · failed: node(s) failed terminally: __tools_1__');
    expect(JSON.parse(json?.[4] ?? '')).toMatchObject({ title: 'End', text: 'failed: node(s) failed terminally: __tools_1__', from: 22 });
    expect(markdown?.[4]).toBe('- **End** (#22): failed: node\\(s\\) failed terminally: \\_\\_tools\\_1\\_\\_');
  });
});

describe('hindsight audit', () => {
  it('ends with 0 for the log of the real server, and with 1 when a byte of it was changed', () => {
    const path = goldenDatabase('agents-0.5.0');
    const { out, status } = hindsight('audit', path, '--json');
    expect([status, JSON.parse(out)]).toEqual([0, expect.objectContaining({ entries: 10, sound: 10, breaks: 0 })]);
    const database = new Database(path);
    database.exec(`UPDATE audit_log SET actor_id = 'kIm' WHERE rowid = 3`);
    database.close();
    const broken = hindsight('audit', path, '--json');
    expect([broken.status, JSON.parse(broken.out).findings]).toEqual([1, [expect.objectContaining({ kind: 'audit-hash', entry: 3, severity: 'error' })]]);
  });

  it('checks signatures with a key from a file, and refuses a hash that is none', () => {
    const key = join(temporaryFolder(), 'audit.key');
    writeFileSync(key, 'secret\n');
    const path = goldenDatabase('agents-0.5.0');
    const database = new Database(path);
    database.exec(`UPDATE audit_log SET signature = '${'0'.repeat(64)}' WHERE rowid = 1`);
    database.close();
    const { out, status } = hindsight('audit', path, '--key-file', key, '--json');
    expect([status, JSON.parse(out)]).toMatchObject([1, { signed: 1, verified: 0, findings: [{ kind: 'audit-signature', entry: 1 }] }]);
    expect(hindsight('audit', path, '--expect', 'abc').status).toBe(2);
  });

  it('says of a database without an audit log that there is nothing to check', () => {
    const { err, status } = hindsight('audit', join(ROOT, 'samples', 'generation-3.db'));
    expect([status, err]).toEqual([3, expect.stringContaining('has no audit log')]);
  });

  it('finds the chain of the sample intact, with an entry for each decision', () => {
    const { out, status } = hindsight('audit', join(ROOT, 'samples', 'runtime.db'), '--json');
    expect([status, JSON.parse(out)]).toMatchObject([0, { entries: 14, sound: 14, breaks: 0, findings: [] }]);
  });
});
