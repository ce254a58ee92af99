import type { Plain } from '../../json/plain.ts';
import type { Hit, SearchQuery } from '../../replay/search.ts';
import type { OpenExecution } from '../open-execution.ts';
import { searchEvents } from '../search-thread.ts';

export interface SearchPart {
  /** The hits of this part, those that are printed. */
  readonly hits: readonly Plain[];
  /** How many hits there have been so far, and in how many events: exact. */
  readonly total: number;
  readonly events: number;
}

/** Where a text occurs in an execution, part after part. @param most so many hits are given; all are counted. */
export async function* searchAnswer(execution: OpenExecution, query: SearchQuery, most: number): AsyncGenerator<SearchPart> {
  let [total, events] = [0, 0];
  for await (const part of searchEvents(execution, query, { most })) {
    total += part.count;
    events += part.events;
    yield { hits: part.hits.map(hitJson), total, events };
  }
}

function hitJson({ sequence, type, nodeId, path, inKey, before, found, after }: Hit): Plain {
  return { sequence, type, node_id: nodeId, path, in: inKey ? 'key' : 'value', before, found, after };
}
