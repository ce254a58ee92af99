import type { Params, Pushes, PushName, RendererRequestName, Reply } from '../core/contract.ts';
import type { Result } from '../core/fault.ts';

/** The typed way to everything outside this page. */

interface Bridge {
  ask(name: string, params: unknown): Promise<unknown>;
  onPush(receive: (name: PushName, value: unknown) => void): void;
}

declare global {
  interface Window {
    readonly bridge: Bridge;
    /** In test builds: resolves when nothing is asked for and everything that came is painted. */
    __idle?: () => Promise<void>;
  }
}

let pending = 0;
let waiting: (() => void)[] = [];

export async function ask<N extends RendererRequestName>(name: N, params: Params<N>): Promise<Result<Reply<N>>> {
  return track(window.bridge.ask(name, params) as Promise<Result<Reply<N>>>);
}

/** A dropped file: the bridge itself reads its path. */
export async function askDrop(file: File): Promise<Result<Reply<'source.drop'>>> {
  return track(window.bridge.ask('source.drop', file) as Promise<Result<Reply<'source.drop'>>>);
}

export function onPush(receive: <N extends PushName>(name: N, value: Pushes[N]) => void): void {
  window.bridge.onPush(receive as (name: PushName, value: unknown) => void);
}

async function track<T>(answer: Promise<T>): Promise<T> {
  pending++;
  try {
    return await answer;
  } finally {
    pending--;
    if (pending === 0) {
      for (const resolve of waiting) resolve();
      waiting = [];
    }
  }
}

/** For tests. Painting may ask for more, so it is idle only when two frames pass without a request. */
export async function idle(): Promise<void> {
  let quiet = 0;
  while (quiet < 3) {
    if (pending > 0) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      quiet = 0;
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
    quiet = pending === 0 ? quiet + 1 : 0;
  }
}
