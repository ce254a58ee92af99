/** The package export `hindsight/store`. Nothing in this repository imports it. */

export type { EventKind, Provenance } from '../jamjet/event-kind.ts';
export type { Status } from '../jamjet/status.ts';
export { fromPlain, type Plain } from '../json/plain.ts';
export { valueAt } from '../json/pointer.ts';
export { printJson } from '../json/print.ts';
export { parseJson } from '../json/read.ts';
export { toPlain, type Unwrapped } from '../json/to-plain.ts';
export { equalJson, type Json, type JsonArray, JsonNumber, type JsonObject } from '../json/value.ts';
export type { Tls } from '../postgres/address.ts';
export { origin } from '../replay/fold.ts';
export { DatabaseError, FenceLostError, NotFoundError, SequenceConflictError, SerializationError, StoreError } from './errors.ts';
export { applyEvents, type Materialized, materialize } from './materialize.ts';
export { MemoryBackend } from './memory.ts';
export type * from './port.ts';
export { LEASE_MILLISECONDS } from './port.ts';
export { PostgresBackend, type PostgresOptions } from './postgres.ts';
export { SqliteBackend, type SqliteOptions } from './sqlite.ts';
