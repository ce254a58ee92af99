import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { searchEvents } from '../../core/debugger/search-thread.ts';
import { longRun } from '../support/made-sources.ts';

const QUERY = { text: 'completed', regex: false, matchCase: false, wholeWord: false };

it('E3: a search that is aborted leaves no rejection behind that nobody handles', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
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
    // A search that is left in the middle is ended, too.
    for await (const part of searchEvents(execution, QUERY)) if (part.count > 0) break;
    for (let i = 0; i < 20; i++) await setImmediate();
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
});
