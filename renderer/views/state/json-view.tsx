import { useVirtualizer } from '@tanstack/react-virtual';
import { Copy } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react';
import { ask } from '../../client.ts';
import { useCursor } from '../../state/cursor.ts';
import { usePages } from '../../state/pages.ts';
import { copyText, showFault } from '../../state/session.ts';
import { bytes, plural } from '../../widgets/format.ts';

const ROW = 18;

/** The exact text of the state, by lines. A large one is never here as a whole. */
export function JsonView() {
  const execution = useCursor((state) => state.view?.id);
  const sequence = useCursor((state) => state.frame?.sequence ?? 0);
  const indexed = useCursor((state) => state.frame?.waiting === false && state.frame.fromSnapshot === null);
  const reading = useCursor((state) => state.reading);
  const [window, setWindow] = useState({ first: 0, last: 60 });
  const [size, setSize] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const pages = usePages<string>(`${execution}\n${sequence}\n${reading}\n${indexed}`, 0, window.first, window.last, async (from, limit) => {
    if (execution === undefined || !indexed) return undefined;
    const page = await ask('state.text', { execution, sequence, reading, from, count: limit });
    if (!page.ok) return undefined;
    setSize(page.value.bytes);
    return { total: page.value.total, rows: page.value.lines };
  });
  const virtual = useVirtualizer({ count: pages.total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 20 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 60;
  useEffect(() => setWindow({ first, last }), [first, last]);
  const copy = async (): Promise<void> => {
    if (execution === undefined) return;
    const whole = await ask('value.text', { execution, sequence, reading, pointer: '' });
    if (whole.ok) await copyText(whole.value.text, 'JSON');
    else showFault(whole.fault);
  };
  return (
    <div className="json">
      <div className="json-scroll selectable" ref={scroller} role="region" aria-label="JSON" tabIndex={0} data-sequence={pages.loaded ? sequence : undefined}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => (
            <div key={index} className="json-line" style={{ transform: `translateY(${start}px)` }}>
              <span className="line-number" aria-hidden="true">
                {index + 1}
              </span>
              <code>{coloured(pages.row(index) ?? '')}</code>
            </div>
          ))}
        </div>
      </div>
      <div className="json-foot">
        <span className="dim">
          {plural(pages.total, 'line')} · {bytes(size)} · numbers as stored, keys in the runtime's order
        </span>
        <span className="grow" />
        <button type="button" className="button" onClick={() => void copy()}>
          <Copy size={12} aria-hidden="true" /> Copy
        </button>
      </div>
    </div>
  );
}

const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g;

/** Colours the tokens of one printed line. */
function coloured(line: string): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of line.matchAll(TOKEN)) {
    const [whole, text, colon, number, literal] = match;
    if (match.index > at) parts.push(line.slice(at, match.index));
    at = match.index + whole.length;
    const kind = text !== undefined ? (colon === undefined ? 'json-string' : 'json-key') : number !== undefined ? 'json-number' : 'json-null';
    parts.push(
      <Fragment key={match.index}>
        <span className={kind}>{text ?? number ?? literal}</span>
        {colon}
      </Fragment>,
    );
  }
  parts.push(line.slice(at));
  return parts;
}
