import { type ReactNode, useMemo } from 'react';
import type { EventListRow, EventWork, ValuesAtEvents } from '../../../core/contract/events.ts';
import { useAnswers } from '../../state/answers.ts';
import { NO_CHOICE } from '../../state/columns.ts';
import { useRun, useRunState, useSettings } from '../../state/context.ts';
import { EVENTS_LIST, pathsOf } from '../../state/event-columns.ts';
import { CategoryMark } from '../../widgets/category-mark.tsx';
import { type ListColumns, type ListTable, useColumnTable } from '../../widgets/columns/column-table.ts';
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

const NO_ROWS: readonly EventListRow[] = [];
const BEFORE_PATHS: ListColumns<EventListRow> = [
  { id: 'time', header: 'Time', size: 168, meta: { optional: true } },
  { id: 'delta', header: 'Since the previous', size: 74, meta: { short: 'Δ' } },
  { id: 'mark', header: 'Category', size: 18, minSize: 18, meta: { short: '' } },
  { id: 'node', header: 'Node', size: 120, meta: { optional: true } },
  { id: 'kind', header: 'Kind', size: 150, meta: { optional: true } },
];
const BEHIND_PATHS: ListColumns<EventListRow> = [
  { id: 'what', header: 'Event', size: 90, enableHiding: false, meta: { short: 'event', grows: 1 } },
  { id: 'attempt', header: 'Attempt', size: 64, meta: { number: true, optional: true } },
  { id: 'duration', header: 'Duration', size: 84, meta: { number: true, optional: true } },
  { id: 'tokens', header: 'Tokens', size: 100, meta: { number: true, optional: true } },
  { id: 'cost', header: 'Cost', size: 84, meta: { number: true, optional: true } },
  { id: 'bytes', header: 'Bytes', size: 80, meta: { number: true, optional: true } },
];

/** As much of a path as there is room for: its end says more than its beginning. */
const SHORT_PATH = 16;

/** The columns of the list of events: the usual ones, and the paths that the user added. */
export function useEventColumns(isNarrow: boolean): ListTable<EventListRow> {
  const digits = useRunState((state) => String(state.view.lastSequence).length);
  const choice = useSettings((settings) => settings.columns[EVENTS_LIST] ?? NO_CHOICE);
  const columns = useMemo((): ListColumns<EventListRow> => {
    const size = isNarrow ? Math.max(50, digits * 8 + 26) : Math.max(54, digits * 8 + 28);
    const sequence = { id: 'sequence', header: 'Sequence', size, enableHiding: false, meta: { short: 'seq', number: true } } as const;
    const paths = pathsOf(choice).map((id) => {
      const short = id.length > SHORT_PATH ? `…${id.slice(-SHORT_PATH)}` : id;
      return { id, header: id, size: 120, meta: { short, optional: true } } as const;
    });
    const before = isNarrow
      ? BEFORE_PATHS.map((column) => (column.id === 'delta' ? { ...column, meta: { ...column.meta, optional: true as const } } : column))
      : BEFORE_PATHS;
    return [sequence, ...before, ...paths, ...BEHIND_PATHS];
  }, [digits, choice, isNarrow]);
  return useColumnTable(EVENTS_LIST, columns, { data: NO_ROWS });
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

/** Always the same, so that rows without values are not drawn again. */
const NO_VALUES = { valueOf: (): Value | undefined => undefined, isIncomplete: (): boolean => false };

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
  if (paths.length === 0) return NO_VALUES;
  return {
    valueOf: (position: number, path: string): Value | undefined => values.get(position)?.[paths.indexOf(path)],
    isIncomplete: (sequence: number): boolean => incompleteFrom !== null && sequence >= incompleteFrom,
  };
}
