import type { EventChunk } from '../../core/jamjet/chunk.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { History } from '../../core/replay/history.ts';
import type { KeyframeLimits } from '../../core/replay/patches.ts';
import { ChunkBuilder } from '../../core/source/chunk-builder.ts';
import type { HostileHistory } from './hostile.ts';

/** A generated history, indexed in chunks of some size, with keyframes as dense as `limits` say. */
export function historyOf({ initialInput, events }: HostileHistory, chunkSize: number, limits?: KeyframeLimits): History {
  const history = new History(parseJson(canonicalJson(initialInput)), true, limits);
  for (let from = 0; from < events.length; from += chunkSize) history.append(chunkOf(events.slice(from, from + chunkSize)));
  return history;
}

/** Events as a source hands them over; each a second after the one before. */
export function chunkOf(events: HostileHistory['events']): EventChunk {
  const chunk = new ChunkBuilder();
  for (const { sequence, text } of events) chunk.add(sequence, new Date(sequence * 1000).toISOString(), new TextEncoder().encode(text));
  return chunk.build();
}
