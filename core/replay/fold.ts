import type { Event } from '../jamjet/event.ts';
import type { Status } from '../jamjet/status.ts';
import { copyOf, type Json, JsonMap } from '../json/value.ts';
import { NodeSet } from './node-set.ts';
import { merge } from './patch.ts';

/**
 * The reference fold (docs/replay.md, "The fold"), without any optimisation. Every fast path is tested against it; where they
 * differ, this one is right.
 */
export interface Materialized<Text extends string = string> {
  readonly currentState: Json;
  /** Any text, where it was read from a row. */
  readonly status: Text;
  /** Node → output of its last completion. */
  readonly completedNodes: ReadonlyMap<string, Json>;
  readonly activeNodes: ReadonlySet<string>;
  readonly lastSequence: number;
}

/** The materialised state before the first event. */
export function origin(initialInput: Json): Materialized<Status> {
  return { currentState: initialInput, status: 'pending', completedNodes: new JsonMap(), activeNodes: new NodeSet(), lastSequence: 0 };
}

/**
 * The materialised state after one more event.
 *
 * @param event undefined for an event that cannot be read, which changes only the last sequence.
 */
export function applyEvent<Text extends string>(before: Materialized<Text>, sequence: number, event: Event | undefined): Materialized<Text | Status> {
  const lastSequence = Math.max(before.lastSequence, sequence);
  if (event === undefined) return { ...before, lastSequence };
  const { effect } = event.kind;
  const node = event.nodeId;

  let status: Text | Status = effect.status ?? before.status;
  if (effect.pauses && before.status === 'running') status = 'paused';

  let currentState = before.currentState;
  if (effect.merges) currentState = merge(currentState, event.fields.get(effect.merges) ?? null);
  const replacement = effect.replaces && event.fields.get(effect.replaces);
  if (replacement !== undefined) currentState = replacement;

  let { activeNodes, completedNodes } = before;
  if (effect.node !== undefined && node !== undefined) {
    const active = new NodeSet(activeNodes);
    if (effect.node === 'activates') active.add(node);
    else active.delete(node);
    activeNodes = active;
    if (effect.node === 'completes') completedNodes = copyOf(completedNodes).set(node, event.fields.get('output') ?? null);
  }
  return { currentState, status, completedNodes, activeNodes, lastSequence };
}
