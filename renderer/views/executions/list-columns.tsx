import { createColumnHelper } from '@tanstack/react-table';
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import type { FoundInEvents, RunDigest, UsualRun } from '../../../core/contract/executions.ts';
import { visible } from '../../../core/visible.ts';
import type { ExecutionSort, MinimapCell } from '../../../core/vocabulary.ts';
import type { Answer } from '../../client.ts';
import { type ColumnFeatures, type ListColumns, useColumnTable } from '../../widgets/columns/column-table.ts';
import { ColumnsButton } from '../../widgets/columns/columns-button.tsx';
import { ago, count, dollars, milliseconds, shortId, shownId, span, words } from '../../widgets/format.ts';
import { useTimes } from '../../widgets/times.ts';
import { isOutlier } from './outlier.ts';

export type ExecutionListing = Answer<'executions.page'>['rows'][number];

/** One line of the list, whose data may not have arrived yet. */
export interface Slot {
  readonly index: number;
  readonly row: ExecutionListing | undefined;
  readonly digest: RunDigest | undefined;
  /** What is usual for its workflow. */
  readonly usual: UsualRun | undefined;
  /** Why it is listed, if its row does not say so. */
  readonly found: readonly FoundInEvents[] | undefined;
}

/** The name under which the columns are remembered. */
export const EXECUTIONS_LIST = 'executions';
const UNREAD = 'Not known here: it has too many events to be read for a list. Open it to see.';
const NO_ROWS: readonly Slot[] = [];
const helper = createColumnHelper<ColumnFeatures, Slot>();

/** The ids of those that can be sorted are the orders that the database can give. */
const COLUMNS: ListColumns<Slot> = helper.columns([
  helper.accessor(({ row }) => row?.status, {
    id: 'status' satisfies ExecutionSort,
    header: 'Status',
    size: 116,
    cell: ({ getValue }) => (
      <span className="status">
        <span className="dot" data-status={getValue()} /> {words(getValue() ?? '')}
      </span>
    ),
  }),
  helper.accessor(({ row }) => row?.workflowId, {
    id: 'workflow' satisfies ExecutionSort,
    header: 'Workflow',
    size: 140,
    meta: { grows: 1 },
    cell: ({ row: { original } }) => (
      <span className="workflow">
        <bdi>{original.row?.workflowId}</bdi> <i>{original.row?.workflowVersion}</i>
      </span>
    ),
  }),
  helper.accessor(({ row }) => row?.id, {
    id: 'id',
    header: 'Execution',
    size: 100,
    enableSorting: false,
    enableHiding: false,
    cell: ({ getValue }) => (
      <span className="mono" title={shownId(getValue() ?? '')}>
        {shortId(getValue() ?? '')}
      </span>
    ),
  }),
  helper.accessor(({ row }) => row?.startedAt, {
    id: 'started' satisfies ExecutionSort,
    header: 'Started',
    size: 156,
    cell: ({ getValue }) => <Time at={getValue() ?? ''} />,
  }),
  helper.accessor(({ row }) => row?.updatedAt, {
    id: 'updated' satisfies ExecutionSort,
    header: 'Last change',
    size: 98,
    cell: ({ getValue, row: { original } }) => <Time at={getValue() ?? ''} start={original.row?.startedAt} usuallyAgo />,
  }),
  helper.accessor(({ row }) => row && milliseconds(row.updatedAt) - milliseconds(row.startedAt), {
    id: 'duration' satisfies ExecutionSort,
    header: 'Duration',
    size: 122,
    meta: { number: true },
    cell: ({ getValue, row: { original } }) => <Measured value={getValue() ?? Number.NaN} of={original} by="duration" show={span} />,
  }),
  helper.accessor(({ digest }) => digest, {
    id: 'run',
    header: 'Run',
    size: 96,
    enableSorting: false,
    meta: { grows: 1 },
    cell: ({ getValue }) => <MinimapView digest={getValue()} />,
  }),
  helper.accessor(({ digest }) => digest, {
    id: 'reason',
    header: 'Reason',
    size: 160,
    enableSorting: false,
    meta: { grows: 1.6 },
    cell: ({ getValue }) => fromDigest(getValue(), ({ reason }) => <bdi title={reason ?? ''}>{reason}</bdi>),
  }),
  helper.accessor(({ digest }) => digest, {
    id: 'error',
    header: 'Last failure',
    size: 140,
    enableSorting: false,
    meta: { grows: 1.2, optional: true },
    cell: ({ getValue }) => fromDigest(getValue(), ({ error }) => <bdi title={visible(error ?? '')}>{visible(error ?? '')}</bdi>),
  }),
  helper.accessor(({ digest }) => digest, {
    id: 'tokens',
    header: 'Tokens',
    size: 72,
    enableSorting: false,
    meta: { number: true },
    cell: ({ getValue, row: { original } }) =>
      fromDigest(getValue(), ({ tokens }) => tokens > 0 && <Measured value={tokens} of={original} by="tokens" show={count} />),
  }),
  helper.accessor(({ digest }) => digest, {
    id: 'cost',
    header: 'Cost',
    size: 84,
    enableSorting: false,
    meta: { number: true },
    cell: ({ getValue }) => fromDigest(getValue(), ({ costUsd, unpriced }) => (costUsd === 0 ? '' : dollars(costUsd, unpriced))),
  }),
  helper.accessor(({ row }) => row?.events, {
    id: 'events' satisfies ExecutionSort,
    header: 'Events',
    size: 80,
    meta: { number: true },
    cell: ({ getValue, row: { original } }) => <Measured value={getValue() ?? 0} of={original} by="events" show={count} />,
  }),
  helper.accessor(({ digest }) => digest, {
    id: 'retries',
    header: 'Retries',
    size: 76,
    enableSorting: false,
    meta: { number: true },
    cell: ({ getValue, row: { original } }) =>
      fromDigest(getValue(), ({ retries }) => retries > 0 && <Measured value={retries} of={original} by="retries" show={count} />),
  }),
  helper.accessor(({ row }) => row?.snapshots, {
    id: 'snapshots' satisfies ExecutionSort,
    header: 'Snapshots',
    size: 92,
    meta: { number: true },
    cell: ({ getValue }) => count(getValue() ?? 0),
  }),
  helper.accessor(({ row }) => (row === undefined || (row.parentId === undefined && row.segment === 0) ? undefined : row.segment + 1), {
    id: 'segment' satisfies ExecutionSort,
    header: 'Segment',
    size: 84,
    meta: { number: true },
    cell: ({ getValue }) => getValue() ?? '–',
  }),
  helper.accessor(({ row }) => row?.tenantId, {
    id: 'tenant' satisfies ExecutionSort,
    header: 'Tenant',
    size: 84,
    cell: ({ getValue }) => <bdi>{getValue()}</bdi>,
  }),
]);

/** While executions are listed only because of their events. It comes first, because it says why a row is here at all. */
const COLUMNS_WITH_FOUND: ListColumns<Slot> = [
  ...helper.columns([
    helper.accessor(({ found }) => found, {
      id: 'found',
      header: 'Found in its events',
      size: 180,
      enableSorting: false,
      enableHiding: false,
      meta: { grows: 1 },
      cell: ({ getValue }) => <Found found={getValue() ?? []} />,
    }),
  ]),
  ...COLUMNS,
];

/** In a narrower window, columns that say least are shown only if the user wants them: the usual ones fit into 1280 pixels. */
const NARROW = '(width < 1620px)';
const WIDE_ONLY: ReadonlySet<unknown> = new Set(['retries', 'snapshots', 'segment', 'tenant']);
/** Instead of them stands what was found. */
const WITHOUT_FOUND: ReadonlySet<unknown> = new Set(['run', 'updated']);

/** The columns for the width of the window. @param hasFound whether executions are listed only because of their events. */
export function useListColumns(hasFound: boolean): ListColumns<Slot> {
  const isNarrow = useSyncExternalStore(onWidth, () => matchMedia(NARROW).matches);
  return useMemo(() => {
    const columns = hasFound ? COLUMNS_WITH_FOUND : COLUMNS;
    const isLeftOut = ({ id }: ListColumns<Slot>[number]): boolean => isNarrow && (WIDE_ONLY.has(id) || (hasFound && WITHOUT_FOUND.has(id)));
    return columns.map((column) => (isLeftOut(column) ? { ...column, meta: { ...column.meta, optional: true } } : column));
  }, [hasFound, isNarrow]);
}

function onWidth(change: () => void): () => void {
  const narrow = matchMedia(NARROW);
  narrow.addEventListener('change', change);
  return () => narrow.removeEventListener('change', change);
}

/** Chooses the columns of the list. */
export function ListColumnsButton() {
  const table = useColumnTable(EXECUTIONS_LIST, useListColumns(false), { data: NO_ROWS });
  return <ColumnsButton list={EXECUTIONS_LIST} table={table} className="bar-button" word />;
}

interface TimeProps {
  readonly at: string;
  readonly start?: string | undefined;
  /** Whether it is shown as `3 min ago` until another form than the usual one is chosen. */
  readonly usuallyAgo?: boolean;
}

export function Time({ at, start, usuallyAgo = false }: TimeProps) {
  const times = useTimes();
  const isAgo = usuallyAgo && times.choice.form === 'absolute';
  return <time title={times.tip(at, { start })}>{isAgo ? ago(at) : times.shown(at, { start })}</time>;
}

interface MeasuredProps {
  readonly value: number;
  readonly of: Slot;
  readonly by: Exclude<keyof UsualRun, 'runs'>;
  readonly show: (value: number) => string;
}

/** A number of a run; one that is far above what is usual for its workflow carries a mark and the median. */
function Measured({ value, of: { row, usual }, by, show }: MeasuredProps) {
  const middle = usual?.[by] ?? null;
  if (middle === null || !isOutlier(value, middle)) return show(value);
  const words = `An outlier: ${show(value)}. The median of the last ${usual?.runs} completed runs of ${row?.workflowId} is ${show(middle.median)}, and their spread ${show(middle.spread)}.`;
  return (
    <span className="outlier" title={words}>
      <small aria-hidden="true">{show(middle.median)}</small>
      <i role="img" aria-label={`An outlier, the median is ${show(middle.median)}:`}>
        ▲
      </i>
      <span>{show(value)}</span>
    </span>
  );
}

/** Which event has what is searched for. */
function Found({ found }: { readonly found: readonly FoundInEvents[] }) {
  const text = (hit: FoundInEvents): string => `#${hit.sequence} ${visible([hit.node, hit.error].filter((part) => part !== null).join(': '))}`;
  const title = found.map((hit) => `${hit.word === null ? 'a failure' : `"${hit.word}"`} in event ${text(hit)}`).join('\n');
  return (
    <bdi className="found" title={title}>
      {found.map(text).join(' · ')}
    </bdi>
  );
}

/** What a digest says; nothing until it arrives. Of an execution that is too long to be read for the list, that it is unknown. */
function fromDigest(digest: RunDigest | undefined, show: (digest: NonNullable<RunDigest>) => ReactNode): ReactNode {
  if (digest === undefined) return null;
  if (digest !== null) return show(digest);
  return (
    <span className="dim" title={UNREAD} aria-label="unknown">
      ?
    </span>
  );
}

const CELL_WORDS = { work: 'work', limit: 'limits', human: 'people', failure: 'failures' } as const;

/** A miniature of an execution. Neighbouring cells of one kind are drawn as one piece. */
function MinimapView({ digest }: { readonly digest: RunDigest | undefined }) {
  if (digest === undefined) return null;
  if (digest === null) {
    return (
      <span className="dim" title={UNREAD}>
        long
      </span>
    );
  }
  if (digest.cells.length === 0) return null;
  const pieces: { kind: MinimapCell; from: number; size: number }[] = [];
  digest.cells.forEach((kind, from) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.size++;
    else pieces.push({ kind, from, size: 1 });
  });
  const also = [...new Set(digest.cells)].filter((kind) => kind !== 'work').map((kind) => CELL_WORDS[kind]);
  return (
    <span className="strip" role="img" aria-label={also.length === 0 ? 'work' : `work, ${also.join(', ')}`}>
      {pieces.map(({ kind, from, size }) => (
        <i key={from} data-kind={kind} style={{ flexGrow: size }} />
      ))}
    </span>
  );
}
