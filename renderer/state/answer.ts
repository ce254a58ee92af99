import { useEffect, useState } from 'react';
import type { Params, RendererRequestName, Reply } from '../../core/contract.ts';
import { ask } from '../client.ts';

/**
 * The answer to a request, asked again whenever its parameters change; the last good one stays on screen meanwhile.
 *
 * @param params undefined: nothing is asked.
 * @param version a change asks again for the same.
 */
export function useAnswer<N extends RendererRequestName>(name: N, params: Params<N> | undefined, version: number | string = 0): Reply<N> | undefined {
  const [answer, setAnswer] = useState<Reply<N>>();
  const key = params === undefined ? undefined : JSON.stringify(params);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version asks again for the same
  useEffect(() => {
    if (key === undefined) return;
    let wanted = true;
    void ask(name, JSON.parse(key) as Params<N>).then((result) => {
      if (wanted && result.ok) setAnswer(result.value);
    });
    return () => {
      wanted = false;
    };
  }, [name, key, version]);
  return answer;
}
