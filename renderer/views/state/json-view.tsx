import { BookOpenText, ChevronDown, ChevronRight, Copy } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useState } from 'react';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { FindField } from '../../widgets/find-field.tsx';
import { bytes, plural } from '../../widgets/format.ts';
import { useHighlight } from '../../widgets/highlight.ts';
import { useLineWindow } from './line-window.ts';

const NOTE = "numbers as stored, keys in the runtime's order";

/** The exact text of the state, by lines. The page never holds a large text as a whole. */
export function JsonView() {
  const { notices, copyText } = useApp();
  const run = useRun();
  const text = useRunState((state) => state.frame?.slices.text);
  const sequence = useRunState((state) => state.frame?.sequence);
  const { scroller, virtual, items } = useLineWindow('json', text?.total ?? 0);
  const [wrap, setWrap] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: wrapped lines have other heights
  useEffect(() => virtual.measure(), [virtual, wrap]);
  const sought = useRunState((state) => state.soughtInText);
  const [place, setPlace] = useState(0);
  const found = sought === '' ? undefined : (text?.found ?? undefined);
  const line = found?.lines[Math.min(place, found.lines.length - 1)];
  useEffect(() => {
    if (line !== undefined) virtual.scrollToIndex(line, { align: 'center' });
  }, [virtual, line]);
  useHighlight(scroller, sought);
  const step = (by: 1 | -1): void => {
    if (found !== undefined && found.lines.length > 0) setPlace((place + by + found.lines.length) % found.lines.length);
  };
  const copy = async (): Promise<void> => {
    const whole = await run.valueText('');
    if (whole.ok) await copyText(whole.value.text, 'JSON');
    else notices.showFault(whole.fault);
  };
  return (
    <div className="json">
      <div
        className="json-scroll selectable"
        data-wrap={wrap}
        ref={scroller}
        role="region"
        aria-label="JSON"
        tabIndex={0}
        data-sequence={text === undefined ? undefined : sequence}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const at = index - (text?.from ?? 0);
            return (
              <div
                key={index}
                data-index={index}
                ref={wrap ? virtual.measureElement : undefined}
                className={`json-line${index === line ? ' found' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span className="line-number" aria-hidden="true">
                  {(text?.numbers[at] ?? index) + 1}
                </span>
                <Fold fold={text?.folds[at] ?? null} line={text?.numbers[at] ?? index} isFixed={sought !== ''} />
                <code data-line>{coloured(text?.lines[at] ?? '')}</code>
              </div>
            );
          })}
        </div>
      </div>
      <div className="json-foot">
        <span className="dim">
          {plural(text?.all ?? 0, 'line')} · {bytes(text?.bytes ?? 0)}
        </span>
        {text !== undefined && text.total < text.all && (
          <button type="button" className="link" onClick={run.unfoldText}>
            unfold all
          </button>
        )}
        <span className="dim json-note" title={NOTE}>
          {NOTE}
        </span>
        <FindField
          label="Find in the JSON"
          text={sought}
          onText={(next) => {
            setPlace(0);
            run.findInText(next);
          }}
          total={found?.total}
          at={place}
          onStep={step}
        />
        <label className="check">
          <input type="checkbox" checked={wrap} onChange={(event) => setWrap(event.target.checked)} /> wrap
        </label>
        <button type="button" className="button" title="Read" onClick={() => run.read('')}>
          <BookOpenText size={12} aria-hidden="true" /> <span className="button-word">Read</span>
        </button>
        <button type="button" className="button" title="Copy" onClick={() => void copy()}>
          <Copy size={12} aria-hidden="true" /> <span className="button-word">Copy</span>
        </button>
      </div>
    </div>
  );
}

interface FoldProps {
  readonly fold: 'open' | 'folded' | null;
  readonly line: number;
  /** While something is sought, nothing is folded. */
  readonly isFixed: boolean;
}

/** Folds a container into the line on which it begins. The tree is for keys, so this is no stop of theirs. */
function Fold({ fold, line, isFixed }: FoldProps) {
  const { toggleFold } = useRun();
  if (fold === null || isFixed) return <span className="fold" />;
  const Sign = fold === 'open' ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      className="fold"
      tabIndex={-1}
      aria-label={`${fold === 'open' ? 'Fold' : 'Unfold'} line ${line + 1}`}
      aria-expanded={fold === 'open'}
      onClick={() => void toggleFold(line)}
    >
      <Sign size={12} aria-hidden="true" />
    </button>
  );
}

const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g;

/** Colours the tokens of one line. */
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
