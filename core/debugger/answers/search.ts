import type { Plain } from '../../json/plain.ts';
import type { Hit, SearchQuery } from '../../replay/search.ts';
import type { OpenExecution } from '../open-execution.ts';
import { searchEvents } from '../search-thread.ts';

export interface SearchPart {
  /** The hits of this part that are printed. */
  readonly hits: readonly Plain[];
  /** The exact number of hits so far, and of events with a hit. */
  readonly total: number;
  readonly events: number;
}

/** Searches an execution, part by part. @param maxHits how many hits are returned; all are counted. */
export async function* searchAnswer(execution: OpenExecution, query: SearchQuery, maxHits: number): AsyncGenerator<SearchPart> {
  let [total, events] = [0, 0];
  for await (const part of searchEvents(execution, query, { maxHits })) {
    total += part.count;
    events += part.events;
    yield { hits: part.hits.map(hitJson), total, events };
  }
}

function hitJson({ sequence, type, nodeId, path, inKey, before, found, after }: Hit): Plain {
  return { sequence, type, node_id: nodeId, path, in: inKey ? 'key' : 'value', before, found, after };
}
