import type { Plain } from '../../json/plain.ts';
import type { OpenExecution } from '../open-execution.ts';

/** The stored snapshots, each compared with replay. The execution must be indexed. */
export async function snapshotsAnswer(execution: OpenExecution): Promise<Plain> {
  await execution.checkSnapshots();
  return execution.snapshots.map(({ atSequence, createdAt, bytes }) => {
    const verdict = execution.verdicts.get(atSequence);
    return {
      at_sequence: atSequence,
      created_at: createdAt,
      bytes,
      verdict: verdict?.kind,
      differs_in: verdict?.kind === 'differs' ? verdict.parts : undefined,
      reason: verdict?.kind === 'unreadable' ? verdict.reason : undefined,
    };
  });
}
