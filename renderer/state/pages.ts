import { useEffect, useRef, useState } from 'react';

/** What a windowed list knows: rows by their place, as far as they have come. */
export interface Pages<Row> {
  readonly total: number;
  /** Something has come: a total of 0 means that there is nothing. */
  readonly loaded: boolean;
  row(index: number): Row | undefined;
}

interface Window<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

const PAGE = 100;
const MOST_PAGES = 40;

/**
 * Rows of a long list, read by pages around what is on screen.
 *
 * @param key what the list is of; another key starts anew, another `version` reads the same again while the old rows stay.
 */
export function usePages<Row>(
  key: string,
  version: number,
  first: number,
  last: number,
  read: (from: number, count: number) => Promise<Window<Row> | undefined>,
): Pages<Row> {
  const [, repaint] = useState(0);
  const known = useRef({ key: '', version: -1, total: 0, pages: new Map<number, readonly Row[]>(), asked: new Set<number>() });
  const list = known.current;
  if (list.key !== key) known.current = { key, version, total: 0, pages: new Map(), asked: new Set() };
  else if (list.version !== version) {
    list.version = version;
    list.asked = new Set();
  }
  useEffect(() => {
    const current = known.current;
    for (let page = Math.floor(Math.max(0, first) / PAGE); page <= Math.floor(Math.max(0, last) / PAGE); page++) {
      if (current.asked.has(page)) continue;
      current.asked.add(page);
      void read(page * PAGE, PAGE).then((window) => {
        if (known.current !== current || window === undefined) return;
        current.total = window.total;
        current.pages.delete(page);
        current.pages.set(page, window.rows);
        if (current.pages.size > MOST_PAGES) {
          const oldest = current.pages.keys().next();
          if (!oldest.done) {
            current.pages.delete(oldest.value);
            current.asked.delete(oldest.value);
          }
        }
        repaint((count) => count + 1);
      });
    }
  });
  return {
    total: known.current.total,
    loaded: known.current.pages.size > 0,
    row: (index) => known.current.pages.get(Math.floor(index / PAGE))?.[index % PAGE],
  };
}
