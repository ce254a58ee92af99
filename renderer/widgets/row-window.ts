import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { placeInView } from './reveal.ts';

/** A row that is to be drawn, and the distance of its top to that of the list, in pixels. */
export interface RowPlace {
  readonly index: number;
  readonly start: number;
}

interface RowWindowOptions {
  /** A name of the list, by which its height is remembered for the next time. */
  readonly list: string;
  readonly count: number;
  /** In pixels; all rows have it but those that are measured. */
  readonly rowHeight: number;
  /** How many rows are drawn above and below those on screen. */
  readonly overscan: number;
  /** The row that is in the middle at first. */
  readonly first?: number;
}

/** In pixels, before a list has been on screen. */
const USUAL = 400;
/** How high each list was when it was on screen. */
const heights = new Map<string, number>();

/**
 * The rows of a long list that are on screen. It keeps nothing of the others: TanStack Virtual has two numbers and a key for each
 * row, which for a million of them takes 24 MB and 40 ms each time that their number changes.
 */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, { list, count, rowHeight, overscan, first = 0 }: RowWindowOptions) {
  const [height, setHeight] = useState(() => heights.get(list) ?? USUAL);
  const [top, setTop] = useState(() => Math.max(0, first * rowHeight - height / 2));
  /** The heights of the rows that have another one. */
  const [measured, setMeasured] = useState<ReadonlyMap<number, number>>(new Map());
  const places = new Places(count, rowHeight, measured);
  const range = (from: number): readonly [number, number] => [places.indexAt(from), places.indexAt(from + height)];
  const [firstShown, lastShown] = range(Math.min(top, Math.max(0, places.totalSize - height)));

  /** Where the list is scrolled to. To read it from the element after each move would lay out the whole page once more. */
  const at = useRef(top);
  const heightNow = useRef(height);
  const scrollTo = (to: number): void => {
    if (scroller.current === null) return;
    at.current = Math.max(0, Math.min(to, places.totalSize - heightNow.current));
    scroller.current.scrollTop = at.current;
  };
  // A list that is still empty cannot be scrolled.
  const isPlaced = useRef(false);
  useLayoutEffect(() => {
    if (isPlaced.current || count === 0) return;
    isPlaced.current = true;
    if (top > 0) scrollTo(top);
  });
  const onScroll = useRef((): void => {});
  onScroll.current = () => {
    const to = scroller.current?.scrollTop ?? 0;
    at.current = to;
    const [from, until] = range(to);
    // Before the next painting, so that no part of the list is ever empty.
    if (from !== firstShown || until !== lastShown) flushSync(() => setTop(to));
  };
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const scrolled = (): void => onScroll.current();
    const resized = (): void => {
      if (element.clientHeight === 0) return;
      heightNow.current = element.clientHeight;
      heights.set(list, heightNow.current);
      setHeight(heightNow.current);
    };
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [scroller, list]);

  const resize = useRef((_index: number, _height: number): void => {});
  resize.current = (index, newHeight) => {
    const grown = newHeight - places.heightOf(index);
    if (grown === 0) return;
    setMeasured((known) => new Map([...known, [index, newHeight] as const].filter(([, one]) => one !== rowHeight)));
    // What is on screen stays where it is when a row above it grows.
    if (places.startOf(index) < at.current) scrollTo(at.current + grown);
  };
  /** Measures a row, which is an element with `data-index`, as long as it exists. */
  const measure = useCallback((element: HTMLElement | null) => {
    if (element === null) return;
    const observer = new ResizeObserver(() => resize.current(Number(element.dataset['index']), element.offsetHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const forget = useCallback((index?: number): void => {
    setMeasured((known) => (known.size === 0 ? known : new Map(index === undefined ? [] : [...known].filter(([other]) => other !== index))));
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useLayoutEffect(() => forget(), [forget, rowHeight]);

  const from = Math.max(0, firstShown - overscan);
  const items: RowPlace[] = [];
  for (let index = from, start = places.startOf(from); index <= Math.min(count - 1, lastShown + overscan); index++) {
    items.push({ index, start });
    start += places.heightOf(index);
  }
  /** Scrolls so that a row is visible, as {@link revealRow} does. */
  const reveal = (index: number): void => {
    const to = placeInView({ top: at.current, height: heightNow.current }, places.startOf(index), rowHeight);
    if (to !== undefined) scrollTo(to);
  };
  return { items, totalSize: places.totalSize, reveal, measure, forget };
}

/** Where each row is: few of them have a height of their own. */
class Places {
  readonly #count: number;
  readonly #rowHeight: number;
  /** In the order of their indexes. */
  readonly #measured: readonly (readonly [index: number, height: number])[];
  readonly #heights: ReadonlyMap<number, number>;

  constructor(count: number, rowHeight: number, heights: ReadonlyMap<number, number>) {
    this.#count = count;
    this.#rowHeight = rowHeight;
    this.#heights = heights;
    this.#measured = [...heights].filter(([index]) => index < count).sort(([a], [b]) => a - b);
  }

  get totalSize(): number {
    return this.startOf(this.#count);
  }

  heightOf(index: number): number {
    return this.#heights.get(index) ?? this.#rowHeight;
  }

  startOf(index: number): number {
    let start = index * this.#rowHeight;
    for (const [measured, height] of this.#measured) if (measured < index) start += height - this.#rowHeight;
    return start;
  }

  /** The row at a distance from the top, in pixels. */
  indexAt(distance: number): number {
    let more = 0;
    for (const [index, height] of this.#measured) {
      const start = index * this.#rowHeight + more;
      if (distance < start) break;
      if (distance < start + height) return index;
      more += height - this.#rowHeight;
    }
    return Math.max(0, Math.min(this.#count - 1, Math.floor((distance - more) / this.#rowHeight)));
  }
}
