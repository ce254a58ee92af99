import type { RecoverySummary } from '../../contract/slices/recovery.ts';
import { diffJson } from '../../replay/diff.ts';
import { readByRuntime } from '../../replay/recovery.ts';
import { refusalText, snapshotRefusal } from '../open-execution.ts';
import type { KnownMoment, SliceMaker } from './slice.ts';

/** How many sequences are read for one frame: less than a millisecond. */
const MAX_READ_IN_FRAME = 64;

/** What a restart at the cursor would do, and how its result would differ from replay. */
export const recoverySlice: SliceMaker<'recovery'> = async (moment) => {
  if (moment.basis === 'waiting') return undefined;
  const { execution, sequence, base, replays } = moment;
  const unknown: RecoverySummary = { base: base ?? null, verdict: 'unchecked', replays, differences: null, refused: null, rounded: null };
  if (moment.basis === 'snapshot') return unknown;
  if (base !== undefined) await execution.checkSnapshot(base);
  const verdict = base === undefined ? 'unchecked' : execution.verdictOf(base);
  if (base !== undefined && verdict === 'unreadable') return { ...unknown, verdict, refused: snapshotRefusal(base) };
  // The indexer reads the log for this at last; until then, a frame reads only what takes no time.
  if (execution.runtime.distance(base, sequence) > MAX_READ_IN_FRAME) return { ...unknown, verdict };
  const { refusal, rounded = null } = await execution.runtime.read(base, sequence);
  if (refusal !== undefined) return { ...unknown, verdict, refused: refusalText(refusal) ?? null };
  return { ...unknown, verdict, rounded, differences: base === undefined ? [] : await differencesFrom(moment, base) };
};

async function differencesFrom({ execution, sequence, position, state }: KnownMoment, base: number): Promise<string[]> {
  if (execution.verdictOf(base) !== 'differs' && !execution.stateOnly.has(base)) return [];
  const { history } = execution;
  const differences: string[] = [];
  const recovered = await execution.recoverAt(sequence);
  const paths = diffJson(readByRuntime(state), recovered.currentState, 1000).changes.length;
  if (paths > 0) differences.push(`the state differs in ${paths} ${paths === 1 ? 'path' : 'paths'}`);
  if (recovered.status !== history.status.at(position)) differences.push(`status ${recovered.status}, not ${history.status.at(position)}`);
  const completed = new Set([...recovered.baseNodes.keys(), ...recovered.completedAfter.keys()]).size;
  const replayed = history.completedAt(position).size;
  if (completed !== replayed) differences.push(`${completed} completed ${completed === 1 ? 'node' : 'nodes'}, not ${replayed}`);
  if (recovered.activeNodes.join() !== history.activeAt(position).join()) differences.push(`active: ${recovered.activeNodes.join(', ') || 'none'}`);
  return differences;
}
