import { z } from 'zod';
import type { Fault, Result } from './fault.ts';
import type {
  AppStart,
  DiffPage,
  EventsPage,
  ExecutionView,
  ExportPreview,
  ExportSaved,
  Frame,
  OpenSource,
  Progress,
  RecentSource,
  RunStrip,
  TextPage,
  TimelineView,
  ValueText,
} from './replies.ts';
import type { ExecutionPage, Facets, SourceSummary } from './source/port.ts';

/**
 * Everything that may be asked across a process border: the schema that guards each request, and the type of its
 * answer. Schemas guard requests only; payloads and states never pass through them (they would lose `__proto__`).
 * The renderer imports types from here, nothing else.
 */

const executionId = z.string().min(1).max(200);
const sequence = z.int().min(0);
const reading = z.enum(['replay', 'recovery', 'given']);
const cursor = z.strictObject({ execution: executionId, sequence });
const rowWindow = z.strictObject({ from: z.int().min(0), count: z.int().min(0).max(500) });
const pointers = z.array(z.string().max(10_000)).max(20_000);

const executionQuery = z.strictObject({
  status: z.string().max(100).optional(),
  workflow: z.string().max(500).optional(),
  text: z.string().max(500).optional(),
  sort: z.enum(['status', 'workflow', 'started', 'updated', 'duration', 'events', 'snapshots', 'tenant', 'segment']),
  descending: z.boolean(),
  offset: z.int().min(0),
  limit: z.int().min(1).max(500),
});

const treeView = z.strictObject({ ...rowWindow.shape, reading, opened: pointers, closed: pointers, reveal: z.boolean() });

const exportWhat = z.strictObject({
  ...cursor.shape,
  what: z.enum(['materialized', 'current_state', 'events']),
  reading,
  style: z.enum(['pretty', 'canonical']),
});

/** Answered by the engine. */
export const engineRequests = {
  'executions.page': request(executionQuery)<ExecutionPage>(),
  'executions.facets': request(z.strictObject({}))<Facets>(),
  'executions.strips': request(z.strictObject({ executions: z.array(executionId).max(100) }))<readonly RunStrip[]>(),
  'execution.open': request(z.strictObject({ execution: executionId }))<ExecutionView>(),
  'frame.at': request(z.strictObject({ ...cursor.shape, tree: treeView }))<Frame>(),
  /** The nearest failure, or change of the state, before or after the cursor. */
  'event.near': request(z.strictObject({ ...cursor.shape, what: z.enum(['failure', 'change']), direction: z.enum(['next', 'previous']) }))<number | null>(),
  'events.page': request(z.strictObject({ execution: executionId, ...rowWindow.shape, filter: z.string().max(500) }))<EventsPage>(),
  'timeline.view': request(z.strictObject({ execution: executionId, from: sequence, to: sequence, columns: z.int().min(1).max(4000) }))<TimelineView>(),
  'diff.page': request(z.strictObject({ ...cursor.shape, ...rowWindow.shape }))<DiffPage>(),
  'state.text': request(z.strictObject({ ...cursor.shape, reading, ...rowWindow.shape }))<TextPage>(),
  'value.text': request(z.strictObject({ ...cursor.shape, reading, pointer: z.string().max(10_000) }))<ValueText>(),
  'export.preview': request(exportWhat)<ExportPreview>(),
  'task.cancel': request(z.strictObject({ task: z.int() }))<null>(),
} as const;

const path = z.string().min(1).max(4096);

/** Answered by main, which alone opens dialogs and decides which files may be read or written. */
export const mainRequests = {
  'app.start': request(z.strictObject({}))<AppStart>(),
  'source.choose': request(z.strictObject({}))<OpenSource | null>(),
  'source.sample': request(z.strictObject({}))<OpenSource>(),
  'source.recent': request(z.strictObject({ path }))<OpenSource>(),
  'source.drop': request(z.strictObject({ path }))<OpenSource>(),
  'source.forget': request(z.strictObject({ path }))<readonly RecentSource[]>(),
  /** The file that is open, once more, with what was added since. */
  'source.again': request(z.strictObject({}))<OpenSource | null>(),
  'source.close': request(z.strictObject({}))<null>(),
  'export.save': request(exportWhat)<ExportSaved | null>(),
  'export.copy': request(exportWhat)<ExportSaved>(),
  'clipboard.write': request(z.strictObject({ text: z.string().max(10_000_000) }))<null>(),
  'settings.set': request(
    z.strictObject({ theme: z.enum(['system', 'light', 'dark']).optional(), layout: z.record(z.string().max(100), z.array(z.number()).max(20)).optional() }),
  )<null>(),
  /** The renderer tells what stands on screen, so that it can be restored. */
  'place.set': request(z.strictObject({ execution: executionId.nullable(), sequence }))<null>(),
} as const;

const preparedFile = z.strictObject({ original: path, path, access: z.enum(['live', 'copy', 'immutable']), folder: path.optional() });

/** Asked by main only: a file that it has granted. */
export const hostRequests = {
  'source.open': request(z.strictObject({ file: preparedFile.optional(), memory: z.literal('example').optional() }))<SourceSummary>(),
  'source.shut': request(z.strictObject({}))<null>(),
  'export.write': request(z.strictObject({ ...exportWhat.shape, path }))<ExportSaved>(),
  'export.text': request(exportWhat)<ValueText>(),
} as const;

type EngineRequests = typeof engineRequests & typeof hostRequests;
export type EngineRequestName = keyof EngineRequests;
type RendererRequests = typeof engineRequests & typeof mainRequests;
export type RendererRequestName = keyof RendererRequests;
type AnyRequests = EngineRequests & RendererRequests;

export type Params<N extends keyof AnyRequests> = z.output<AnyRequests[N]['params']>;
export type Reply<N extends keyof AnyRequests> = AnyRequests[N] extends Request<z.ZodType, infer R> ? R : never;

/** What the engine implements: one function for each request, missing or extra ones do not compile. */
export type EngineHandlers = { readonly [N in EngineRequestName]: (params: Params<N>, signal: AbortSignal) => Promise<Reply<N>> };
/** The part of them that answers the requests of some nouns: `executions.…`, `export.…`. */
export type HandlersOf<Noun extends string> = Pick<EngineHandlers, Extract<EngineRequestName, `${Noun}.${string}`>>;
export type MainHandlers = { readonly [N in keyof typeof mainRequests]: (params: Params<N>) => Promise<Result<Reply<N>>> };

interface Request<P extends z.ZodType, R> {
  readonly params: P;
  readonly reply?: R;
}

function request<P extends z.ZodType>(params: P) {
  return <R>(): Request<P, R> => ({ params });
}

/** What is told without being asked. */
export interface Pushes {
  /** Indexing an execution, and then checking its snapshots. */
  readonly progress: Progress;
  readonly 'source.opened': OpenSource;
  readonly fault: Fault;
  readonly 'engine.restarted': OpenSource | null;
  /** A command from the native menu. */
  readonly command: { readonly id: string };
}
export type PushName = keyof Pushes;
