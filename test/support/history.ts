import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { History } from '../../core/replay/history.ts';
import { ChunkBuilder } from '../../core/source/chunk-builder.ts';
import type { HostileHistory } from './hostile.ts';

/** A generated history, indexed in chunks of some size. */
export function historyOf({ initialInput, events }: HostileHistory, chunkSize: number): History {
  const history = new History(parseJson(canonicalJson(initialInput)));
  for (let from = 0; from < events.length; from += chunkSize) {
    const chunk = new ChunkBuilder();
    for (const { sequence, text } of events.slice(from, from + chunkSize)) chunk.add(sequence, sequence * 1000, new TextEncoder().encode(text));
    history.append(chunk.build());
  }
  return history;
}
