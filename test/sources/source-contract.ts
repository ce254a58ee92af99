import { describe, expect, it } from 'vitest';
import type { EventChunk } from '../../core/jamjet/chunk.ts';
import { millisecondsOf } from '../../core/jamjet/time.ts';
import type { ExecutionListing, ExecutionQuery, Source } from '../../core/source/port.ts';
import { goldenStates } from '../support/golden.ts';
import { countsOf } from '../support/sources.ts';

const FIRST_PAGE: ExecutionQuery = { sort: 'started', descending: true, offset: 0, limit: 100 };

/** The behaviour that every Source shares, on a golden database. */
export function sourceContract(name: string, golden: string, open: () => Promise<Source>): void {
  describe(`${name} as a source, on ${golden}`, () => {
    const ids = [...new Set(goldenStates(golden).map((state) => String(state.get('execution_id'))))];

    it('lists each execution once, in the requested order, in pages of any size', async () => {
      const source = await open();
      const all = await source.executions(FIRST_PAGE);
      expect(all.total).toBe(all.rows.length);
      expect(all.rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
      const started = all.rows.map(({ startedAt }) => startedAt);
      expect(started).toEqual([...started].sort().reverse());
      const paged = [];
      for (let offset = 0; offset < all.total; offset += 4) paged.push(...(await source.executions({ ...FIRST_PAGE, offset, limit: 4 })).rows);
      expect(paged).toEqual(all.rows);
    });

    it('sorts by every column, in both directions', async () => {
      const source = await open();
      for (const sort of ['status', 'workflow', 'started', 'updated', 'duration', 'events', 'snapshots', 'tenant', 'segment'] as const) {
        const up = (await source.executions({ ...FIRST_PAGE, sort, descending: false })).rows;
        const down = (await source.executions({ ...FIRST_PAGE, sort, descending: true })).rows;
        const key = {
          status: 'status',
          workflow: 'workflowId',
          started: 'startedAt',
          updated: 'updatedAt',
          duration: undefined,
          events: 'lastSequence',
          snapshots: 'snapshots',
          tenant: 'tenantId',
          segment: 'segment',
        }[sort] as 'status' | undefined;
        expect(up.map(({ id }) => id).sort()).toEqual(down.map(({ id }) => id).sort());
        if (key !== undefined) expect(up.map((row) => row[key])).toEqual(down.map((row) => row[key]).reverse());
      }
    });

    it('filters by status, workflow and text, and treats wildcards as text', async () => {
      const source = await open();
      const { statuses, workflows, total } = await source.facets({});
      expect(statuses.reduce((sum, { count }) => sum + count, 0)).toBe(total);
      for (const { name: status, count } of statuses) expect((await source.executions({ ...FIRST_PAGE, status })).total).toBe(count);
      for (const { name: workflow, count } of workflows) expect((await source.executions({ ...FIRST_PAGE, workflow })).total).toBe(count);
      const [first = ''] = ids;
      expect((await source.executions({ ...FIRST_PAGE, text: first.slice(0, 13).toUpperCase() })).rows.map(({ id }) => id)).toContain(first);
      const [row] = (await source.executions({ ...FIRST_PAGE, text: first })).rows;
      // M5: every word must be found, in whichever column.
      const words = `${row?.status.toUpperCase()}  ${row?.workflowId} ${first.slice(0, 8)}`;
      expect((await source.executions({ ...FIRST_PAGE, text: words })).rows.map(({ id }) => id)).toEqual([first]);
      expect((await source.executions({ ...FIRST_PAGE, text: `${words} nowhere` })).total).toBe(0);
      for (const text of ['%', '\\', "' OR 1=1 --"]) expect((await source.executions({ ...FIRST_PAGE, text })).total).toBe(0);
    });

    it('M5: finds a part of an id, with its hyphens and without those at its beginning', async () => {
      const source = await open();
      const found = async (text: string): Promise<string[]> => (await source.executions({ ...FIRST_PAGE, text })).rows.map(({ id }) => id);
      for (const id of ids.slice(0, 5)) {
        for (const part of [id.slice(9, 18), id.slice(0, 13).replace('-', ''), id.slice(-12), `exec_${id.slice(0, 8)}`]) {
          expect(await found(part)).toContain(id);
          expect(await found(`-${part}`)).not.toContain(id);
        }
      }
    });

    it('M5: finds words in quotes as they stand, and leaves out what has a word behind a minus', async () => {
      const source = await open();
      const { rows, total } = await source.executions(FIRST_PAGE);
      const [{ id, status, workflowId }] = rows as [ExecutionListing];
      const found = async (text: string): Promise<readonly string[]> => (await source.executions({ ...FIRST_PAGE, text })).rows.map((row) => row.id);
      const others = rows.filter((row) => row.status !== status).map((row) => row.id);
      expect(await found(`-"${status.toUpperCase()}"`)).toEqual(others);
      expect(await found(`-${status}`)).toEqual(others);
      expect((await source.facets({ text: `-${status}` })).matching).toBe(others.length);
      expect(await found(`"${workflowId}" -${id}`)).toEqual(rows.filter((row) => row.workflowId === workflowId && row.id !== id).map((row) => row.id));
      expect(await found(`"${id}`)).toEqual([id]);
      expect(await found(`"${status} ${workflowId}"`)).toEqual([]);
      expect(await found(' "" -"" - ')).toHaveLength(total);
      const lacking = await source.lacking({ ...FIRST_PAGE, text: `"no row has it" -${status}` });
      expect(lacking).toEqual(others.map((other) => ({ id: other, words: ['no row has it'], error: false })));
      expect(await source.lacking({ ...FIRST_PAGE, text: `-${status}` })).toEqual([]);
    });

    it('M5: filters by tenant, time and parent, and counts for each choice what the other choices leave', async () => {
      const source = await open();
      const { rows, total } = await source.executions(FIRST_PAGE);
      const all = await source.facets({});
      for (const { name: tenant, count } of all.tenants) expect((await source.executions({ ...FIRST_PAGE, tenant })).total).toBe(count);
      const newest = rows[0]?.startedAt ?? '';
      expect(all).toMatchObject({ total, matching: total, newest });
      expect((await source.executions({ ...FIRST_PAGE, startedFrom: newest })).rows.map(({ id }) => id)).toContain(rows[0]?.id);
      const before = new Date(millisecondsOf(newest) - 1).toISOString();
      const earlier = await source.executions({ ...FIRST_PAGE, startedTo: before });
      expect(earlier.rows.map(({ id }) => id)).toEqual(rows.filter(({ startedAt }) => millisecondsOf(startedAt) <= millisecondsOf(before)).map(({ id }) => id));
      expect((await source.executions({ ...FIRST_PAGE, hasParent: true })).total).toBe(all.withParent);
      expect((await source.executions({ ...FIRST_PAGE, hasParent: false })).total).toBe(total - all.withParent);
      expect((await source.executions({ ...FIRST_PAGE, hasError: true })).total).toBe(all.withError);
      for (const { name: status, count } of all.statuses) {
        const left = await source.facets({ status });
        expect(left).toMatchObject({ total, matching: count, statuses: all.statuses });
        expect(left.workflows.reduce((sum, workflow) => sum + workflow.count, 0)).toBe(count);
      }
      const two = rows.slice(0, 2).map(({ id }) => id);
      expect((await source.executions({ ...FIRST_PAGE, ids: two })).rows.map(({ id }) => id)).toEqual(two);
      expect(await source.facets({ ids: two })).toMatchObject({ total: all.total, matching: two.length });
      expect((await source.facets({ ids: [] })).matching).toBe(0);
      expect((await source.lacking({ ...FIRST_PAGE, ids: two, text: 'in no row' })).map(({ id }) => id)).toEqual(two);
    });

    it('M5: names the executions whose rows lack a part of what is searched for, and the part', async () => {
      const source = await open();
      const { rows } = await source.executions(FIRST_PAGE);
      const [first] = rows;
      const text = `${first?.id} nowhere`;
      const lacking = await source.lacking({ ...FIRST_PAGE, text });
      expect(lacking.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
      expect(lacking[0]).toEqual({ id: first?.id, words: ['nowhere'], error: false });
      expect(await source.lacking(FIRST_PAGE)).toEqual([]);
      const status = first?.status ?? '';
      const failed = await source.lacking({ ...FIRST_PAGE, status, hasError: true });
      expect(failed.length).toBe(status === 'failed' ? 0 : rows.filter((row) => row.status === status).length);
    });

    it('finds an execution by a prefix of its id, in any spelling', async () => {
      const source = await open();
      for (const id of ids) {
        expect(await source.resolve(id, 3)).toEqual([id]);
        expect(await source.resolve(`exec_${id.replaceAll('-', '').slice(0, 11).toUpperCase()}`, 3)).toEqual([id]);
      }
      expect(await source.resolve('ffffffff-ffff', 3)).toEqual([]);
      expect(await source.resolve('no id at all', 3)).toEqual([]);
    });

    it('returns the same events in pages, in a scan and one by one', async () => {
      const source = await open();
      for (const id of ids) {
        const paged = [];
        for (let after = 0; ; ) {
          const page = await source.page(id, after, 7);
          paged.push(...page);
          if (page.length < 7) break;
          after = page.at(-1)?.sequence ?? 0;
        }
        const scanned = [];
        for await (const chunk of source.scan(id, 0)) scanned.push(...textsOf(chunk));
        expect(scanned).toEqual(paged.map(({ sequence, text }) => [sequence, text]));
        expect(await source.head(id)).toBe(paged.at(-1)?.sequence ?? 0);
        expect(await source.outOfOrder(id)).toBe(0);
        for (const event of paged) expect(await source.payload(id, event.sequence)).toEqual(event);
        const middle = paged[Math.floor(paged.length / 2)];
        if (middle === undefined) continue;
        const rest = [];
        for await (const chunk of source.scan(id, middle.sequence)) rest.push(...textsOf(chunk));
        expect(rest).toEqual(scanned.slice(scanned.findIndex(([sequence]) => sequence === middle.sequence) + 1));
      }
    });

    it('returns the newest snapshot at or before a sequence', async () => {
      const source = await open();
      for (const id of ids) {
        const headers = await source.snapshots(id);
        expect(await source.snapshotCount(id)).toBe(headers.length);
        expect(headers.map(({ atSequence }) => atSequence)).toEqual(headers.map(({ atSequence }) => atSequence).sort((a, b) => a - b));
        for (const { atSequence, bytes } of headers) {
          expect(await source.snapshot(id, atSequence)).toMatchObject({ atSequence, bytes });
          const before = headers.filter((header) => header.atSequence < atSequence).at(-1);
          const after = headers.find((header) => header.atSequence > atSequence);
          expect(await source.snapshotsAround(id, atSequence)).toEqual({
            previous: before?.atSequence,
            base: atSequence,
            next: after?.atSequence,
          });
          expect((await source.snapshot(id, atSequence - 1))?.atSequence).toBe(before?.atSequence);
        }
      }
    });

    it('returns nothing for what does not exist', async () => {
      const source = await open();
      const id = '00000000-0000-4000-8000-00000000ffff';
      expect(await source.execution(id)).toBeUndefined();
      expect(await source.page(id, 0, 10)).toEqual([]);
      expect(await source.payload(id, 1)).toBeUndefined();
      expect(await source.snapshots(id)).toEqual([]);
      expect(await source.snapshot(id, 10)).toBeUndefined();
      expect(await source.head(id)).toBe(0);
      expect(await source.snapshotsAround(id, 5)).toEqual({ previous: undefined, base: undefined, next: undefined });
      expect(await source.children(id)).toEqual([]);
      expect(await source.artifact('0'.repeat(64))).toBeUndefined();
      expect(await source.definition('no such workflow', '1')).toBeUndefined();
    });

    it('counts executions, events and snapshots', async () => {
      const source = await open();
      const { rows } = await source.executions(FIRST_PAGE);
      const { executions, events, snapshots } = await countsOf(source);
      expect([executions, events, snapshots]).toEqual([
        rows.length,
        rows.reduce((sum, row) => sum + row.events, 0),
        rows.reduce((sum, row) => sum + row.snapshots, 0),
      ]);
    });
  });
}

function textsOf(chunk: EventChunk): [sequence: number, text: string][] {
  return Array.from({ length: chunk.count }, (_, i) => [
    chunk.sequences[i] as number,
    Buffer.from(chunk.bytes.subarray(chunk.offsets[i], chunk.offsets[i + 1])).toString('utf8'),
  ]);
}
