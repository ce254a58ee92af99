import { areDefaults, type SnapshotRow } from '../jamjet/rows.ts';
import { readJson } from '../json/read.ts';
import { compareKeys, isArray, isObject, type Json } from '../json/value.ts';
import { type Change, diffJson } from '../replay/diff.ts';
import type { History } from '../replay/history.ts';
import { equalAsRuntimeReads, readByRuntime } from '../replay/recovery.ts';

/** The result of comparing a stored snapshot with replay from the origin. */
export type Verdict =
  | { readonly kind: 'matches' }
  /** `changes` turn the replayed state into the stored one; at most 100 of them. */
  | { readonly kind: 'differs'; readonly parts: readonly string[]; readonly changes: readonly Change[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

const MAX_CHANGES = 100;

/**
 * Compares a snapshot with replay. Doubles that differ only by the runtime's reading count as equal (docs/replay.md, Numbers).
 * In rows that are older than the columns added by generation 5, only the state is compared.
 *
 * @param stateAt the replayed state after a position.
 * @param outputOf the output of the node_completed at a position.
 */
export async function checkSnapshot(
  history: History,
  snapshot: SnapshotRow,
  stateAt: (position: number) => Json,
  outputOf: (position: number) => Promise<Json | undefined>,
): Promise<Verdict> {
  if (snapshot.unreadable !== undefined) return { kind: 'unreadable', reason: snapshot.unreadable };
  const state = readJson(snapshot.stateJson);
  if (!state.ok) return { kind: 'unreadable', reason: `its state is not JSON: ${state.problem.reason}` };
  const position = history.positionAt(snapshot.atSequence);
  const replayed = stateAt(position);
  const parts: string[] = [];
  let changes: readonly Change[] = [];
  if (!equalAsRuntimeReads(replayed, state.value)) {
    parts.push('current_state');
    changes = diffJson(readByRuntime(replayed), state.value, MAX_CHANGES).changes;
  }
  const { materialized } = snapshot;
  // The seed snapshot of a segment is written before the segment's first event (docs/format.md, Segments).
  if (materialized !== undefined && snapshot.atSequence > 0 && !areDefaults(materialized)) {
    if (materialized.status !== history.status.at(position)) parts.push('status');
    if (materialized.lastSequence !== (position < 0 ? 0 : history.sequenceOf(position))) parts.push('last_sequence');
    if (!sameNames(materialized.activeNodesJson, history.activeAt(position))) parts.push('active_nodes');
    if (!(await sameOutputs(materialized.completedNodesJson, history.completedAt(position), outputOf))) parts.push('completed_nodes');
  }
  return parts.length === 0 ? { kind: 'matches' } : { kind: 'differs', parts, changes };
}

function sameNames(stored: string, replayed: readonly string[]): boolean {
  const names = readJson(stored);
  if (!names.ok || !isArray(names.value)) return false;
  const sorted = names.value.filter((name) => typeof name === 'string').sort(compareKeys);
  return JSON.stringify(sorted) === JSON.stringify(replayed);
}

async function sameOutputs(stored: string, replayed: ReadonlyMap<string, number>, outputOf: (position: number) => Promise<Json | undefined>): Promise<boolean> {
  const outputs = readJson(stored);
  if (!outputs.ok || !isObject(outputs.value) || outputs.value.size !== replayed.size) return false;
  for (const [node, position] of replayed) {
    const output = outputs.value.get(node);
    const logged = await outputOf(position);
    if (output === undefined || logged === undefined || !equalAsRuntimeReads(logged, output)) return false;
  }
  return true;
}
