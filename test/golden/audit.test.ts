import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditChain } from '../../core/audit/chain.ts';
import { entrySignature } from '../../core/jamjet/audit.ts';
import type { AuditRow } from '../../core/jamjet/rows.ts';
import type { Source } from '../../core/source/port.ts';
import { goldenDatabase } from '../support/golden.ts';
import { openSqlite } from '../support/sources.ts';

async function entriesOf(source: Source): Promise<AuditRow[]> {
  const entries: AuditRow[] = [];
  for await (const page of source.auditLog() ?? []) entries.push(...page);
  return entries;
}

/** The same source with another audit log. */
function withEntries(source: Source, entries: readonly AuditRow[]): Source {
  async function* pages(): AsyncGenerator<readonly AuditRow[]> {
    yield entries;
  }
  const own: Partial<Source> = {
    auditLog: () => pages(),
    eventById: (id, signal) => source.eventById(id, signal),
    describe: () => source.describe(),
  };
  return own as Source;
}

const FIELDS = [
  'id',
  'event_id',
  'execution_id',
  'sequence',
  'event_type',
  'actor_id',
  'actor_type',
  'tool_call_hash',
  'policy_decision',
  'http_request_id',
  'http_method',
  'http_path',
  'ip_address',
  'created_at',
  'raw_event',
  'tenant_id',
  'expires_at',
  'redacted',
  'prev_hash',
] as const satisfies readonly (keyof AuditRow)[];

/** The entry with one bit of one byte of a field flipped; undefined when there is no such byte. */
function flipped(entry: AuditRow, field: (typeof FIELDS)[number] | 'entry_hash', byte: number, bit: number): AuditRow | undefined {
  const value = entry[field];
  if (value === null) return undefined;
  if (typeof value === 'bigint') return { ...entry, [field]: value ^ (1n << BigInt(field === 'redacted' ? bit : (byte % 8) * 8 + bit)) };
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.length === 0) return undefined;
  bytes[byte % bytes.length] = (bytes[byte % bytes.length] as number) ^ (1 << bit);
  return { ...entry, [field]: bytes.toString('utf8') };
}

describe('the audit log of the real server', () => {
  it('is recomputed: every hash, every link, and every event', async () => {
    const source = await openSqlite(goldenDatabase('agents-0.5.0'));
    const entries = await entriesOf(source);
    const report = await auditChain(source);
    expect(report).toMatchObject({ entries: 10, sound: 10, signed: 0, verified: undefined, breaks: 0, findings: [], head: entries.at(-1)?.entry_hash });
  });

  it('shows each of 1,000 flipped bytes, in any of the fields and in the hash itself', async () => {
    const source = await openSqlite(goldenDatabase('agents-0.5.0'));
    const entries = await entriesOf(source);
    const flips = fc.record({ at: fc.nat(entries.length - 1), field: fc.constantFrom(...FIELDS, 'entry_hash' as const), byte: fc.nat(5000), bit: fc.nat(7) });
    const tried = new Set<string>();
    await fc.assert(
      fc.asyncProperty(flips, async ({ at, field, byte, bit }) => {
        const entry = flipped(entries[at] as AuditRow, field, byte, bit);
        fc.pre(entry !== undefined);
        const { breaks, findings } = await auditChain(withEntries(source, entries.with(at, entry as AuditRow)));
        tried.add(field);
        expect(breaks).toBeGreaterThan(0);
        expect(findings.some((finding) => finding.entry === at + 1 || finding.entry === at + 2)).toBe(true);
      }),
      { numRuns: 1000, seed: 23 },
    );
    expect([...tried].length).toBeGreaterThan(12);
  });

  it('shows an entry that was removed, a changed event, and tells when the expected head is gone', async () => {
    const path = goldenDatabase('agents-0.5.0');
    const source = await openSqlite(path);
    const entries = await entriesOf(source);
    const head = entries.at(-1)?.entry_hash ?? '';
    expect((await auditChain(withEntries(source, entries.toSpliced(4, 1)))).findings.map(({ kind, entry }) => [kind, entry])).toEqual([['audit-link', 5]]);
    expect(await auditChain(withEntries(source, entries.slice(0, -1)), { expect: head })).toMatchObject({ expected: 'missing', findings: [{ kind: 'audit-head' }] });
    expect(await auditChain(source, { expect: head })).toMatchObject({ expected: 'head', breaks: 0 });
    expect(await auditChain(source, { expect: entries[3]?.entry_hash ?? '' })).toMatchObject({ expected: 'earlier', breaks: 0 });
    const changed = goldenDatabase('agents-0.5.0');
    const database = new Database(changed);
    database.prepare(`UPDATE events SET kind_json = replace(kind_json, 'kim', 'eve') WHERE id = ?`).run(entries[2]?.event_id);
    database.close();
    expect((await auditChain(await openSqlite(changed))).findings.map(({ kind, entry }) => [kind, entry])).toEqual([['audit-event', 3]]);
  });

  it('has its signatures checked with the key', async () => {
    const source = await openSqlite(goldenDatabase('agents-0.5.0'));
    const key = Buffer.from('the key');
    const signed = (await entriesOf(source)).map((entry) => ({ ...entry, signature: entrySignature(entry.entry_hash ?? '', key) }));
    expect(await auditChain(withEntries(source, signed), { key })).toMatchObject({ signed: 10, verified: 10, breaks: 0 });
    expect(await auditChain(withEntries(source, signed), { key: Buffer.from('another') })).toMatchObject({ signed: 10, verified: 0, breaks: 10 });
    expect(await auditChain(withEntries(source, signed))).toMatchObject({ signed: 10, verified: undefined, breaks: 0 });
  });
});
