import type { RecoverySummary } from '../../contract/slices/recovery.ts';
import { diffJson } from '../../replay/diff.ts';
import { readByRuntime } from '../../replay/recovery.ts';
import type { KnownMoment, SliceMaker } from './slice.ts';

/** What a restart at the cursor would do, and how its result would differ from replay. */
export const recoverySlice: SliceMaker<'recovery'> = async (moment) => {
  const { basis, base } = moment;
  if (basis === 'waiting') return undefined;
  if (basis === 'snapshot') return { base: base ?? null, verdict: 'unchecked', replays: moment.replays, differences: null };
  if (base === undefined) return { base: null, verdict: 'unchecked', replays: moment.replays, differences: [] };
  return summaryFrom(moment, base);
};

async function summaryFrom({ execution, sequence, position, state, replays }: KnownMoment, base: number): Promise<RecoverySummary> {
  const { history } = execution;
  await execution.checkSnapshot(base);
  const verdict = execution.verdictOf(base);
  const differences: string[] = [];
  if (verdict === 'unreadable') {
    differences.push('the snapshot cannot be read, and the runtime would refuse the execution');
  } else if (verdict === 'differs' || execution.stateOnly.has(base)) {
    const recovered = await execution.recoverAt(sequence);
    const paths = diffJson(readByRuntime(state), recovered.currentState, 1000).changes.length;
    if (paths > 0) differences.push(`the state differs in ${paths} ${paths === 1 ? 'path' : 'paths'}`);
    if (recovered.status !== history.status.at(position)) differences.push(`status ${recovered.status}, not ${history.status.at(position)}`);
    const completed = new Set([...recovered.baseNodes.keys(), ...recovered.completedAfter.keys()]).size;
    const replayed = history.completedAt(position).size;
    if (completed !== replayed) differences.push(`${completed} completed ${completed === 1 ? 'node' : 'nodes'}, not ${replayed}`);
    if (recovered.activeNodes.join() !== history.activeAt(position).join()) differences.push(`active: ${recovered.activeNodes.join(', ') || 'none'}`);
  }
  return { base, verdict, replays, differences };
}
