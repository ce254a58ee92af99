/** What the window is to show. Panels that follow the cursor must all be at it. */
export type Wish =
  | { readonly kind: 'moved' | 'opened' | 'blamed'; readonly to: number }
  | { readonly kind: 'filtered'; readonly node: string; readonly before: number }
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'drawn'; readonly nodes: number };

export interface Sample {
  /** From the input until the end of the painting. */
  readonly ms: number;
  /** The times between the frames meanwhile. */
  readonly frames: readonly number[];
}

export interface Probe {
  readonly probe: {
    /** The sample of the last start; null when the window did not show it in time. */
    ended: Promise<Sample | null>;
    /** Waits for an event of this type. */
    start(type: string, wish: Wish): void;
    isShown(wish: Wish): boolean;
    /** Collects frames, cursors and long tasks until `watched`. */
    watch(): void;
    watched(): { frames: number[]; cursors: number; tasks: number[] };
  };
}

/** Runs in the page, so it may use nothing from this file. */
export function installProbe(): void {
  const LIMIT = 30_000;
  const one = (selector: string): Element | null => document.querySelector(selector);
  /** The slider is described by the kind and the node of the event, which the details have as well. */
  const inspected = (to: number): boolean => {
    const [place = '', event = '?'] = (one('[role=slider][aria-label=Sequence]')?.getAttribute('aria-valuetext') ?? '').split(', ');
    const details = one('[aria-label=Inspector]')?.textContent ?? '';
    return place.startsWith(`event ${to} of `) && event.split(' ').every((word) => details.includes(word));
  };
  const isAt = (to: number): boolean =>
    one('[role=slider][aria-label=Sequence]')?.getAttribute('aria-valuenow') === String(to) &&
    one('[aria-label=Cursor]')?.textContent?.startsWith(`#${to} of`) === true &&
    one('[role=grid][aria-label=Events] [aria-selected=true] .sequence')?.textContent === String(to) &&
    inspected(to) &&
    one('[role=tree] [role=treeitem]') !== null;
  const isShown = (wish: Wish): boolean => {
    switch (wish.kind) {
      case 'moved':
      case 'opened':
        return isAt(wish.to);
      case 'blamed':
        return isAt(wish.to) && one('[role=tree] .writer') !== null;
      case 'filtered': {
        const rows = [...document.querySelectorAll('[role=grid][aria-label=Events] [aria-selected] ')];
        const total = /^[\d,]+ of /.test(one('[aria-label="Events shown"]')?.textContent ?? '');
        const isMatch = (row: Element): boolean =>
          Number(row.querySelector('.sequence')?.textContent) < wish.before && row.textContent?.includes(wish.node) === true;
        return total && rows.length > 0 && rows.every(isMatch);
      }
      case 'found':
        return one('.search-hits .hit mark')?.textContent === wish.text;
      case 'drawn':
        return document.querySelectorAll('.graph-node').length === wish.nodes;
    }
  };
  /** When the frame has been painted whose callbacks run now. */
  const painted = (): Promise<number> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    });
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const until = async (since: number, wish: Wish): Promise<Sample | null> => {
    const frames: number[] = [];
    let before = await nextFrame();
    while (!isShown(wish)) {
      if (performance.now() - since > LIMIT) return null;
      const now = await nextFrame();
      frames.push(now - before);
      before = now;
    }
    return { ms: (await painted()) - since, frames };
  };
  let frames: number[] = [];
  let cursors = 0;
  let tasks: number[] = [];
  let isWatching = false;
  new PerformanceObserver((list) => isWatching && tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ['longtask'] });
  const probe: Probe['probe'] = {
    ended: Promise.resolve(null),
    start(type, wish) {
      if (isShown(wish)) throw new Error(`${JSON.stringify(wish)} is shown already`);
      probe.ended = new Promise((resolve) => {
        window.addEventListener(type, (event) => resolve(until(event.timeStamp, wish)), { capture: true, once: true });
      });
    },
    isShown,
    watch() {
      [frames, tasks, cursors, isWatching] = [[], [], 0, true];
      let before: number | undefined;
      let cursor = one('[aria-label=Cursor]')?.textContent;
      const next = (now: number): void => {
        if (!isWatching) return;
        if (before !== undefined) frames.push(now - before);
        before = now;
        const shown = one('[aria-label=Cursor]')?.textContent;
        if (shown !== cursor) cursors++;
        cursor = shown;
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },
    watched() {
      isWatching = false;
      return { frames, cursors, tasks };
    },
  };
  Object.assign(globalThis, { probe });
}
