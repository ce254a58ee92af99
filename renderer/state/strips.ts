import { useEffect, useState } from 'react';
import type { RunStrip } from '../../core/replies.ts';
import { ask } from '../client.ts';

/**
 * Runs in miniature for the rows on screen. They cost reading events, so they are asked for when the rows are there.
 *
 * @param source another source starts anew.
 */
export function useStrips(source: string, visible: readonly string[]): ReadonlyMap<string, RunStrip> {
  const [known, setKnown] = useState<{ source: string; strips: ReadonlyMap<string, RunStrip> }>({ source, strips: new Map() });
  const strips = known.source === source ? known.strips : EMPTY;
  const missing = visible.filter((id) => !strips.has(id)).slice(0, 100);
  const key = missing.join();
  useEffect(() => {
    if (key === '') return;
    let wanted = true;
    const executions = key.split(',');
    void ask('executions.strips', { executions }).then((answer) => {
      if (!wanted || !answer.ok) return;
      setKnown((before) => ({
        source,
        strips: new Map([...(before.source === source ? before.strips : EMPTY), ...executions.map((id, i) => [id, answer.value[i] ?? null] as const)]),
      }));
    });
    return () => {
      wanted = false;
    };
  }, [source, key]);
  return strips;
}

const EMPTY: ReadonlyMap<string, RunStrip> = new Map();
