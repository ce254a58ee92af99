import { OpenExecution } from '../../core/debugger/open-execution.ts';
import type { EventChunk } from '../../core/jamjet/chunk.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { History } from '../../core/replay/history.ts';
import type { KeyframeLimits } from '../../core/replay/keyframes.ts';
import { ChunkBuilder } from '../../core/source/chunk-builder.ts';
import { type MemoryExecution, MemorySource } from '../../core/source/memory.ts';
import type { HostileHistory } from './hostile.ts';

/** Indexes a generated history in chunks of a given size. */
export function historyOf({ initialInput, events }: HostileHistory, chunkSize: number, limits?: KeyframeLimits): History {
  const history = new History(parseJson(canonicalJson(initialInput)), true, limits);
  for (let from = 0; from < events.length; from += chunkSize) history.append(chunkOf(events.slice(from, from + chunkSize)));
  return history;
}

/** Events as a source returns them, a second apart. */
export function chunkOf(events: HostileHistory['events']): EventChunk {
  const chunk = new ChunkBuilder();
  for (const { sequence, text } of events) chunk.add(sequence, new Date(sequence * 1000).toISOString(), new TextEncoder().encode(text));
  return chunk.build();
}

/** The execution `x` of a source, without its snapshots. */
export function memoryExecution({ initialInput, events }: HostileHistory): MemoryExecution {
  return {
    id: 'x',
    workflowId: 'w',
    workflowVersion: '1',
    status: 'running',
    startedAt: '',
    updatedAt: '',
    completedAt: undefined,
    tenantId: 'default',
    parentId: undefined,
    segment: 0,
    initialInputJson: canonicalJson(initialInput),
    currentStateJson: '{}',
    eventRows: events.map(({ sequence, text }) => ({ sequence, text, createdAt: '2026-06-01T12:00:00+00:00' })),
    snapshotRows: [],
  };
}

/** The same, opened and indexed. */
export async function executionOf(hostile: HostileHistory): Promise<OpenExecution> {
  const execution = await OpenExecution.open(new MemorySource({ generation: 11, definitions: [], executions: [memoryExecution(hostile)] }), 'x');
  await execution.index();
  return execution;
}
