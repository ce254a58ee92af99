import { OpenExecution } from '../debugger/open-execution.ts';
import { resolveExecution } from '../debugger/resolve-execution.ts';
import { FaultError } from '../fault.ts';
import { openSource } from '../source/open.ts';
import type { Source } from '../source/port.ts';
import { discardSource, type PreparedSource, prepareSource, type SourceSpec, sourceSpec } from '../source/spec.ts';
import { removingFiles } from './interrupts.ts';
import { say } from './output.ts';
import { Progress } from './progress.ts';

/** The size of a database that is always checked, in bytes: it takes about a tenth of a second. */
const CHECKED_SIZE = 64 * 1024 * 1024;

/** `check`: compares the rows of the execution with the index by which they are read, also in a large database. */
export interface CheckOption {
  readonly check?: true | undefined;
}

/** Opens a source while `work` runs. @param text a path, `sqlite://…` or `postgres://…`. @throws FaultError */
export async function withSource<T>(text: string, work: (source: Source) => Promise<T>): Promise<T> {
  const { source, prepared } = await openWhole(text);
  try {
    const { remarks = [] } = await source.describe();
    // Those with statements are advice for whoever administers the server.
    for (const { text: remark, sql } of remarks) if (sql === undefined) say(remark);
    return await work(source);
  } finally {
    source.close();
    await discardSource(prepared);
  }
}

interface Opened {
  readonly source: Source;
  readonly prepared: PreparedSource;
}

/** Opens a source; if its writer has died in the middle of a write, a copy in which that write is undone. */
async function openWhole(text: string): Promise<Opened> {
  const spec = sourceSpec(text);
  try {
    return await openAs(spec);
  } catch (error) {
    if (spec.kind !== 'sqlite' || !(error instanceof FaultError) || error.fault.kind !== 'needs-recovery') throw error;
    return openAs({ ...spec, recover: true });
  }
}

/** The private copy, if there is one, has no name any more: it disappears with the process, however that ends. */
async function openAs(spec: SourceSpec): Promise<Opened> {
  return removingFiles(async () => {
    const copying = new Progress('Copying the database, because reading it in place would change its folder');
    const prepared = await prepareSource(spec, { onProgress: (done, total) => copying.report(done, total) });
    copying.end();
    try {
      const source = await openSource(prepared);
      // Windows refuses to remove a file that is open; there it is removed at the end.
      await discardSource(prepared).catch(() => {});
      return { source, prepared };
    } catch (error) {
      await discardSource(prepared);
      throw error;
    }
  });
}

/** Opens an execution while `work` runs, without reading its log. */
export async function withUnread<T>(text: string, execution: string, work: (execution: OpenExecution) => Promise<T>, { check }: CheckOption = {}): Promise<T> {
  return withSource(text, async (source) => {
    const open = await OpenExecution.open(source, await resolveExecution(source, execution));
    if (check || (await source.describe()).size <= CHECKED_SIZE) await open.checkIntegrity();
    const answer = await work(open);
    for (const warning of open.warnings) say(warning);
    return answer;
  });
}

/** Opens an execution and indexes its whole log. */
export async function withExecution<T>(text: string, execution: string, work: (execution: OpenExecution) => Promise<T>, options: CheckOption = {}): Promise<T> {
  return withUnread(
    text,
    execution,
    async (open) => {
      await open.index();
      return work(open);
    },
    options,
  );
}
