import type { HandlersFor } from '../../contract/contract.ts';
import { auditFindingsOf, auditOf } from '../answers/audit-findings.ts';
import { findingsOf } from '../answers/findings.ts';
import { BackgroundReadings } from '../background-readings.ts';
import type { Engine } from '../engine.ts';

export function findingHandlers(engine: Engine) {
  const audits = new BackgroundReadings(engine, 'audit', (source, signal) => auditOf(source, engine.pause, signal));
  return {
    'findings.list': async (execution) => findingsOf(await engine.execution(execution)),
    'findings.audit': async (about, signal) => {
      const execution = await engine.execution(about);
      // What is on screen comes first.
      if (!execution.isDone && execution.failure === undefined) return null;
      if (execution.source.auditLog() === undefined) return null;
      const reading = audits.of(about.source);
      reading.throwIfFailed();
      return { state: reading.state, ...auditFindingsOf(execution, reading.known, await execution.source.version(signal)) };
    },
    'findings.audit.stop': async ({ source }) => {
      audits.stop(source);
      return null;
    },
    'findings.audit.forget': async ({ source }) => {
      audits.forget(source);
      return null;
    },
  } satisfies HandlersFor<'findings'>;
}
