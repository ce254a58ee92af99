import type { TrackValue } from '../contract/slices/tracks.ts';
import type { TimelineTrack } from '../contract/timeline.ts';
import { decimalText } from '../json/decimal.ts';
import { type Pointer, valueAt } from '../json/pointer.ts';
import { type Json, JsonNumber, numberText, typeOf } from '../json/value.ts';
import { viewedChanges } from '../replay/blame.ts';
import { Column } from '../replay/column.ts';
import type { Amount, CostTrack } from '../replay/cost-track.ts';
import type { History } from '../replay/history.ts';
import { type Series, seriesColumns } from '../replay/series.ts';
import { type StateSizes, stateSizes } from '../replay/state-sizes.ts';
import type { Steps } from '../replay/steps.ts';
import { TRACKS, type TrackName } from '../vocabulary.ts';
import { costTrackOf } from './cost-tracks.ts';
import type { OpenExecution } from './open-execution.ts';
import { type Pause, runPaced } from './pacing.ts';
import { type AxisPart, columnAxis } from './timeline-axis.ts';

/** The paths whose values over the log are kept; those that were requested last. */
const MAX_PATHS = 50;

/** What is added up for a track; retries are counted. */
const SUMS: Readonly<Record<Exclude<TrackName, 'size'>, readonly Amount[] | 'retries'>> = {
  tokens: ['inputTokens', 'outputTokens'],
  cost: ['costUsd'],
  duration: ['durationMs'],
  retries: 'retries',
};

/** What has been read of one execution for its tracks. Each of them is read once, in short turns, and shared. */
class Tracks {
  readonly #execution: OpenExecution;
  #costs: CostTrack | undefined;
  #sizes: StateSizes | undefined;
  #readingSizes: Promise<StateSizes> | undefined;
  readonly #paths = new Map<Pointer, Promise<Series>>();

  constructor(execution: OpenExecution) {
    this.#execution = execution;
  }

  /** The value at a moment, without reading anything. */
  valueAt(track: string, position: number, state: Json): TrackValue {
    const unknown = { track, text: null, note: null };
    if (!isName(track)) return { track, ...pathValue(valueAt(state, track)) };
    if (track === 'size') return this.#sizes === undefined ? unknown : { ...unknown, text: String(this.#sizes.at(position)) };
    const costs = this.#costs;
    if (costs === undefined) return unknown;
    const { unpriced, retries } = costs.at(position);
    const amounts = SUMS[track];
    if (amounts === 'retries') return { ...unknown, text: String(retries) };
    const note = track === 'cost' && unpriced > 0 ? `at least: ${unpriced.toLocaleString('en')} ${unpriced === 1 ? 'call has' : 'calls have'} no cost` : null;
    return { track, text: decimalText(costs.exactAt(position, amounts)), note };
  }

  /** A track over the whole log, which must be indexed. @param closed aborted when the execution is closed. */
  async series(track: string, pause: Pause, closed: AbortSignal): Promise<Series> {
    if (!isName(track)) return this.#path(track, pause, closed);
    if (track === 'size') return this.#readSizes(pause, closed);
    this.#costs = await costTrackOf(this.#execution, pause, closed);
    return this.#costs.series(SUMS[track]);
  }

  /** The sequence from which a sum is a part. */
  partFrom(track: string): number | null {
    const first = track === 'cost' ? this.#costs?.firstOf('unpriced') : undefined;
    return first === undefined ? null : this.#execution.history.sequenceOf(first);
  }

  async #readSizes(pause: Pause, closed: AbortSignal): Promise<StateSizes> {
    this.#readingSizes ??= runPaced(stateSizes(this.#execution.history), pause, closed);
    try {
      this.#sizes = await this.#readingSizes;
      return this.#sizes;
    } catch (error) {
      // The next request tries again.
      this.#readingSizes = undefined;
      throw error;
    }
  }

  #path(path: Pointer, pause: Pause, closed: AbortSignal): Promise<Series> {
    const series = this.#paths.get(path) ?? runPaced(pathSeries(this.#execution.history, path), pause, closed);
    // The one that is asked for is the newest.
    this.#paths.delete(path);
    this.#paths.set(path, series);
    for (const oldest of [...this.#paths.keys()].slice(0, -MAX_PATHS)) this.#paths.delete(oldest);
    series.catch(() => this.#paths.delete(path));
    return series;
  }
}

const known = new WeakMap<OpenExecution, { readonly count: number; readonly tracks: Tracks }>();

export function tracksOf(execution: OpenExecution): Tracks {
  const { count } = execution.history;
  const last = known.get(execution);
  // What was read of a log that has grown since ends too early.
  if (last?.count === count) return last.tracks;
  const tracks = new Tracks(execution);
  known.set(execution, { count, tracks });
  return tracks;
}

/** Tracks in the columns of a timeline. */
export async function timelineTracks(
  execution: OpenExecution,
  { tracks, ...part }: AxisPart & { readonly tracks: readonly string[] },
  { pause, signal, closed }: { readonly pause: Pause; readonly signal: AbortSignal; readonly closed: AbortSignal },
): Promise<readonly TimelineTrack[]> {
  const { history } = execution;
  const of = tracksOf(execution);
  const read: Series[] = [];
  for (const track of tracks) {
    read.push(await of.series(track, pause, closed));
    signal.throwIfAborted();
  }
  const { edges } = await runPaced(columnAxis(history, part), pause, signal);
  await runPaced(history.states.foldTo(history.patches.count), pause, signal);
  const state = history.stateAt(history.count - 1);
  const found: TimelineTrack[] = [];
  for (const [i, track] of tracks.entries()) {
    const columns = await runPaced(seriesColumns(read[i] as Series, edges), pause, signal);
    found.push({ from: part.from, to: part.to, ...columns, end: of.valueAt(track, history.count - 1, state), partFrom: of.partFrom(track) });
  }
  return found;
}

/** The number at a path over the whole log. */
export function* pathSeries(history: History, path: Pointer): Steps<Series> {
  const positions = new Column(new Uint32Array(64));
  const values = new Column(new Float64Array(64));
  const initial = numberOf(valueAt(history.states.stateAfter(0), path));
  for (const change of viewedChanges(history, path, history.count - 1, numberOf)) {
    if (change === undefined) yield;
    else if (change.sequence > 0) {
      positions.push(history.positionAt(change.sequence));
      values.push(change.new);
    }
  }
  return {
    countUpTo: (position) => positions.countUpTo(position),
    positionOf: (index) => positions.at(index),
    valueOf: (index) => (index < 0 ? initial : values.at(index)),
  };
}

/** For a drawing; NaN for everything that is not a number. */
function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : value instanceof JsonNumber ? Number(value.text) : Number.NaN;
}

function pathValue(value: Json | undefined): Pick<TrackValue, 'text' | 'note'> {
  if (typeof value === 'number' || value instanceof JsonNumber) return { text: numberText(value), note: null };
  return { text: null, note: value === undefined ? 'no value' : `not a number: ${typeOf(value)}` };
}

function isName(track: string): track is TrackName {
  return (TRACKS as readonly string[]).includes(track);
}
