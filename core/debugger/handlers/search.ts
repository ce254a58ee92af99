import type { HandlersFor } from '../../contract/contract.ts';
import { FaultError } from '../../fault.ts';
import type { Engine } from '../engine.ts';
import type { OpenExecution } from '../open-execution.ts';
import { RunningSearch } from '../running-search.ts';
import { searchProblem } from '../search-thread.ts';

export function searchHandlers(engine: Engine) {
  /** The last search in each execution, and how it is stopped. */
  const searches = new WeakMap<OpenExecution, { readonly search: RunningSearch; readonly stop: AbortController }>();
  return {
    'search.page': async ({ query, from, count, upTo = 0, ...execution }, signal) => {
      const { execution: open, closed } = await engine.source(execution.source).execution(execution.execution);
      let running = searches.get(open);
      // A search that failed or was cancelled is started again when it is asked for again.
      if (running === undefined || running.search.hasFailed || JSON.stringify(running.search.query) !== JSON.stringify(query)) {
        const problem = searchProblem(query);
        if (problem !== undefined) throw new FaultError('bad-search', { detail: problem });
        running?.stop.abort(new FaultError('cancelled', { subject: 'The search' }));
        const search = new RunningSearch(query);
        running = { search, stop: new AbortController() };
        searches.set(open, running);
      }
      const { search, stop } = running;
      if (search.shouldRun(upTo)) {
        const subject = { kind: 'search', source: execution.source, execution: open.id } as const;
        // The search keeps its error for those who wait for it.
        engine.tasks.run(subject, 'search', (task) => search.run(open, task), engine.source(execution.source).closed, closed, stop.signal).catch(() => {});
      }
      await Promise.race([search.news, aborted(signal)]);
      return search.page(from, count);
    },
    'search.stop': async ({ source, execution }) => {
      const { execution: open } = await engine.source(source).execution(execution);
      searches.get(open)?.search.stop();
      return null;
    },
  } satisfies HandlersFor<'search'>;
}

/** Rejects when the request is cancelled. */
async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const cancel = (): void => reject(new FaultError('cancelled', { subject: 'The search' }));
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
}
