import type { NodeWork } from '../contract/timeline.ts';
import { readEvent, summaryOf } from '../jamjet/event.ts';
import type { OpenExecution } from './open-execution.ts';

/** How far before the end of its work the start of an attempt is searched for, in events. */
const MAX_DISTANCE = 20_000;

/** The work of one of the nodes at a sequence, from the event that scheduled it to the one that ended it; null when there is none. */
export async function nodeWorkAt(execution: OpenExecution, nodes: readonly number[], sequence: number, signal?: AbortSignal): Promise<NodeWork | null> {
  const { history } = execution;
  const position = history.positionAt(sequence);
  // An earlier turn may never have ended.
  const worker = nodes.findLast((node) => position >= 0 && history.nodes.stretches(node, position, position).length > 0);
  const node = history.nodeNames[worker ?? -1];
  const [work] = worker === undefined ? [] : history.nodes.stretches(worker, position, position);
  if (node === undefined || work === undefined) return null;
  const started = lastIn(execution, node, ['node_started'], work.start, work.end);
  // An earlier attempt is not a part of the wait of the last one.
  const queued =
    started === undefined ? undefined : (lastIn(execution, node, ['node_scheduled', 'retry_scheduled', 'node_failed'], work.start, started) ?? work.start);
  const isOpen = work.outcome === 'open';
  const end = isOpen ? position : work.end;
  return {
    node,
    from: history.sequenceOf(work.start),
    to: isOpen ? null : history.sequenceOf(work.end),
    outcome: work.outcome,
    queued: started === undefined || queued === undefined ? null : history.clock.at(started) - history.clock.at(queued),
    ran: started === undefined || started > end ? null : history.clock.at(end) - history.clock.at(started),
    start: started === undefined ? null : await summaryAt(execution, started, signal),
    end: isOpen ? null : await summaryAt(execution, work.end, signal),
  };
}

/** The position of the node's last event of one of these kinds in positions `from` to `to`. */
function lastIn({ history }: OpenExecution, node: string, types: readonly string[], from: number, to: number): number | undefined {
  for (let position = to; position >= Math.max(from, to - MAX_DISTANCE); position--) {
    if (history.nodeOf(position) === node && types.includes(history.kindOf(position)?.type ?? '')) return position;
  }
  return undefined;
}

async function summaryAt({ history, source, id }: OpenExecution, position: number, signal?: AbortSignal): Promise<string> {
  const stored = await source.payload(id, history.sequenceOf(position), signal);
  const reading = stored?.text === undefined ? undefined : readEvent(stored.text);
  return reading?.ok === true ? summaryOf(reading.event) : '';
}
