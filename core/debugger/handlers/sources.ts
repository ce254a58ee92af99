import type { HandlersFor } from '../../contract/contract.ts';
import type { SourceCounts } from '../../source/port.ts';
import type { Engine } from '../engine.ts';
import { Pacer } from '../pacing.ts';

export function sourceHandlers(engine: Engine) {
  return {
    'sources.open': ({ source, prepared }, signal) => engine.open(source, prepared, signal),
    'sources.close': async ({ source }) => {
      engine.close(source);
      return null;
    },
    'sources.count': async ({ source: id }, signal) => {
      const { source } = engine.source(id);
      const within = engine.untilClosed(id, signal);
      let counts: SourceCounts = { executions: 0, events: 0, snapshots: 0, snapshotBytes: 0 };
      const pacer = new Pacer(engine.pause);
      for await (counts of source.count(within)) if (pacer.isDue) await pacer.pause(within);
      return counts;
    },
  } satisfies HandlersFor<'sources'>;
}
