import { OpenExecution } from '../debugger/open-execution.ts';
import { resolveExecution } from '../debugger/resolve-execution.ts';
import { openSource } from '../source/open.ts';
import type { Source } from '../source/port.ts';
import { discardSource, prepareSource, sourceSpec } from '../source/spec.ts';

/** Opens a source while `work` runs. @param text a path or `sqlite://…`. @throws FaultError */
export async function withSource<T>(text: string, work: (source: Source) => Promise<T>): Promise<T> {
  const prepared = await prepareSource(sourceSpec(text));
  try {
    const source = await openSource(prepared);
    try {
      return await work(source);
    } finally {
      source.close();
    }
  } finally {
    await discardSource(prepared);
  }
}

/** Opens an execution while `work` runs, without reading its log. */
export async function withUnread<T>(text: string, execution: string, work: (execution: OpenExecution) => Promise<T>): Promise<T> {
  return withSource(text, async (source) => work(await OpenExecution.open(source, await resolveExecution(source, execution))));
}

/** Opens an execution and indexes its whole log. */
export async function withExecution<T>(text: string, execution: string, work: (execution: OpenExecution) => Promise<T>): Promise<T> {
  return withUnread(text, execution, async (open) => {
    await open.index();
    return work(open);
  });
}
