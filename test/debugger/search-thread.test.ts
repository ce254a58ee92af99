import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { searchEvents } from '../../core/debugger/search-thread.ts';
import { longRun } from '../support/made-sources.ts';

const QUERY = { text: 'completed', regex: false, matchCase: false, wholeWord: false };

it('E3: an aborted search leaves no unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const record = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', record);
  try {
    const execution = await OpenExecution.open(longRun(5000), 'long');
    for (let parts = 0; parts < 4; parts++) {
      const stop = new AbortController();
      let seen = 0;
      const searching = (async () => {
        for await (const part of searchEvents(execution, QUERY, {}, stop.signal)) {
          seen += part.count;
          if (seen >= parts * 200) stop.abort();
        }
      })();
      await expect(searching).rejects.toThrow();
    }
    // Leaving the loop also ends a search.
    for await (const part of searchEvents(execution, QUERY)) if (part.count > 0) break;
    for (let i = 0; i < 20; i++) await setImmediate();
  } finally {
    process.off('unhandledRejection', record);
  }
  expect(unhandled).toEqual([]);
});
