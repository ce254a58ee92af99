import { type ReactNode, useMemo } from 'react';
import type { EventListRow, EventWork, ValuesAtEvents } from '../../../core/contract/events.ts';
import { useAnswers } from '../../state/answers.ts';
import { type Column, NO_CHOICE } from '../../state/columns.ts';
import { useRun, useRunState, useSettings } from '../../state/context.ts';
import { EVENTS_LIST, pathsOf } from '../../state/event-columns.ts';
import { CategoryMark } from '../../widgets/category-mark.tsx';
import { type Columns, useColumns } from '../../widgets/columns/use-columns.ts';
import { count, distance, words } from '../../widgets/format.ts';
import type { Times } from '../../widgets/times.ts';

type Value = NonNullable<ValuesAtEvents['rows'][number]>[number];

/** What the cells of a row are made from. */
export interface EventCells {
  readonly row: EventListRow;
  readonly times: Times;
  /** When the run started, as it is stored. */
  readonly start: string;
  /** Which of the columns are shown, so that nothing is said twice. */
  readonly isShown: (id: string) => boolean;
  /** The value at a path after the event; undefined until it is known. */
  readonly valueOf: (path: string) => Value | undefined;
  /** Whether the log lacks something before the event, so that its states may be wrong. */
  readonly isIncomplete: boolean;
}

const BEFORE_PATHS: readonly Column[] = [
  { id: 'time', label: 'Time', width: 168, optional: true },
  { id: 'delta', label: 'Since the previous', short: 'Δ', width: 74 },
  { id: 'mark', label: 'Category', short: '', width: 18 },
  { id: 'node', label: 'Node', width: 120, optional: true },
  { id: 'kind', label: 'Kind', width: 150, optional: true },
];
const BEHIND_PATHS: readonly Column[] = [
  { id: 'what', label: 'Event', short: 'event', width: 90, grows: 1, fixed: true },
  { id: 'attempt', label: 'Attempt', width: 64, number: true, optional: true },
  { id: 'duration', label: 'Duration', width: 84, number: true, optional: true },
  { id: 'tokens', label: 'Tokens', width: 100, number: true, optional: true },
  { id: 'cost', label: 'Cost', width: 84, number: true, optional: true },
  { id: 'bytes', label: 'Bytes', width: 80, number: true, optional: true },
];

/** As much of a path as there is room for: its end says more than its beginning. */
const SHORT_PATH = 16;

/** The columns of the list of events: the usual ones, and the paths that the user added. */
export function useEventColumns(isNarrow: boolean): Columns {
  const digits = useRunState((state) => String(state.view.lastSequence).length);
  const choice = useSettings((settings) => settings.columns[EVENTS_LIST] ?? NO_CHOICE);
  const columns = useMemo((): readonly Column[] => {
    const sequence: Column = {
      id: 'sequence',
      label: 'Sequence',
      short: 'seq',
      width: isNarrow ? Math.max(50, digits * 8 + 26) : Math.max(54, digits * 8 + 28),
      fixed: true,
      number: true,
    };
    const paths = pathsOf(choice).map(
      (id): Column => ({ id, label: id, short: id.length > SHORT_PATH ? `…${id.slice(-SHORT_PATH)}` : id, width: 120, optional: true }),
    );
    const before = isNarrow ? BEFORE_PATHS.map((column) => (column.id === 'delta' ? { ...column, optional: true as const } : column)) : BEFORE_PATHS;
    return [sequence, ...before, ...paths, ...BEHIND_PATHS];
  }, [digits, choice, isNarrow]);
  return useColumns(EVENTS_LIST, columns);
}

const NUMBERS: Readonly<Record<string, (work: EventWork) => string | null>> = {
  attempt: ({ attempt }) => attempt,
  duration: ({ duration }) => (duration === null ? null : `${grouped(duration)} ms`),
  tokens: ({ inputTokens, outputTokens }) =>
    inputTokens === null && outputTokens === null ? null : `${grouped(inputTokens ?? '–')} → ${grouped(outputTokens ?? '–')}`,
  cost: ({ cost }) => (cost === null ? null : `$${cost}`),
};

/** An integer with groups of digits; any other number as it is stored. */
function grouped(text: string): string {
  return /^\d{4,}$/.test(text) ? text.replaceAll(/\B(?=(\d{3})+$)/g, ',') : text;
}

/** The content of a cell. */
export function eventCell(id: string, cells: EventCells): ReactNode {
  const { row, times, start, isShown } = cells;
  const { sequence, sincePrevious, createdAt, type, category, node, summary, work } = row;
  switch (id) {
    case 'sequence':
      return sequence;
    case 'time':
      return <time title={times.tip(createdAt, { start })}>{times.shown(createdAt, { start, sincePrevious, exact: true })}</time>;
    case 'delta':
      return <span title={times.tip(createdAt, { start })}>{distance(sincePrevious)}</span>;
    case 'mark':
      return <CategoryMark category={category} />;
    case 'node':
      return <bdi className={`node cat-${category}`}>{node}</bdi>;
    case 'kind':
      return <span className="kind">{type}</span>;
    case 'what':
      return (
        <>
          {node !== null && !isShown('node') && <bdi className={`node cat-${category}`}>{node}</bdi>}{' '}
          {!isShown('kind') && <span className="kind">{words(node === null ? type : type.replace(/^node_/, ''))}</span>}
          {summary !== '' && (
            <bdi className="summary">
              {isShown('kind') && (node === null || isShown('node')) ? '' : ' · '}
              {summary}
            </bdi>
          )}
        </>
      );
    case 'bytes':
      return count(row.bytes);
    default:
      if (id.startsWith('/')) return <ValueCell value={cells.valueOf(id)} isIncomplete={cells.isIncomplete} />;
      // The text of a long event is not read for the list.
      return work === null ? <span title="The event is too long to be read for the list; open it to see this">…</span> : NUMBERS[id]?.(work);
  }
}

const CHANGES = { added: '+', changed: '~', removed: '−' } as const;

function ValueCell({ value, isIncomplete }: { readonly value: Value | undefined; readonly isIncomplete: boolean }) {
  if (value === undefined) return null;
  const { type, text, change } = value;
  const note = isIncomplete ? ' · incomplete: an event before is missing or cannot be read' : '';
  return (
    <span className={`value${change === null ? '' : ` changed ${change}`}`} title={`${text}${change === null ? '' : ` · ${change} by this event`}${note}`}>
      {change !== null && (
        <span className="sign" aria-label={change}>
          {CHANGES[change]}
        </span>
      )}
      <bdi className={type === undefined ? 'dim' : `json-${type}`}>{type === undefined ? '–' : text}</bdi>
      {isIncomplete && <span className="dim"> ?</span>}
    </span>
  );
}

/** How many rows one request for values is about; a page of the list is a multiple of it. */
const BLOCK = 25;

/** The values at the paths that are columns, after the events on screen. */
export function useValues(paths: readonly string[], rows: (index: number) => EventListRow | undefined, first: number, last: number) {
  const { source, execution } = useRun();
  const blocks = Array.from({ length: Math.floor(Math.max(0, last) / BLOCK) - Math.floor(first / BLOCK) + 1 }, (_, i) => Math.floor(first / BLOCK) + i);
  const positions = blocks.map((block) =>
    Array.from({ length: BLOCK }, (_, i) => rows(block * BLOCK + i)?.position).filter((position) => position !== undefined),
  );
  const asked = paths.length === 0 ? [] : positions.filter((list) => list.length > 0);
  const answers = useAnswers(
    'events.values',
    asked.map((list) => ({ source, execution, positions: list, pointers: [...paths] })),
  );
  const values = new Map<number, NonNullable<ValuesAtEvents['rows'][number]>>();
  asked.forEach((list, i) => {
    list.forEach((position, at) => {
      const row = answers[i]?.rows[at];
      if (row != null) values.set(position, row);
    });
  });
  const incompleteFrom = answers.find((answer) => answer !== undefined)?.incompleteFrom ?? null;
  return {
    valueOf: (position: number, path: string): Value | undefined => values.get(position)?.[paths.indexOf(path)],
    isIncomplete: (sequence: number): boolean => incompleteFrom !== null && sequence >= incompleteFrom,
  };
}
