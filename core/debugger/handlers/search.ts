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
    'search.page': async ({ query, from, count, ...execution }) => {
      const open = await engine.execution(execution);
      let running = searches.get(open);
      if (running === undefined || JSON.stringify(running.search.query) !== JSON.stringify(query)) {
        const problem = searchProblem(query);
        if (problem !== undefined) throw new FaultError('bad-search', { detail: problem });
        running?.stop.abort();
        const search = new RunningSearch(query);
        running = { search, stop: new AbortController() };
        searches.set(open, running);
        const subject = { kind: 'search', source: execution.source, execution: open.id } as const;
        // The search keeps its error, and every request for a page throws it.
        engine.tasks.run(subject, 'search', (task) => search.run(open, task), engine.source(execution.source).closed, running.stop.signal).catch(() => {});
      }
      await running.search.news;
      return running.search.page(from, count);
    },
  } satisfies HandlersFor<'search'>;
}
