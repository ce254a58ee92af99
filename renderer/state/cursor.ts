import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Fault } from '../../core/fault.ts';
import type { ExecutionView, Frame, Progress } from '../../core/replies.ts';
import { ask } from '../client.ts';

export type StateTab = 'tree' | 'diff' | 'json';
export type Reading = 'replay' | 'recovery' | 'given';

/**
 * Where one stands: the one value that every panel is a function of, and the newest frame that has come for it.
 * A move asks for one frame. While one is under way only the newest wish is kept.
 */
export interface CursorState {
  readonly view: ExecutionView | undefined;
  /** The wish: the slider and the list follow it at once. */
  readonly sequence: number;
  readonly frame: Frame | undefined;
  readonly reading: Reading;
  readonly tab: StateTab;
  readonly opened: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
  readonly reveal: boolean;
  /** The first row of the tree that is asked for. */
  readonly treeFrom: number;
  readonly progress: Progress | undefined;
  /** Grows when the history or the verdicts have: lists that were read before are read again. */
  readonly version: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly past: readonly number[];
  readonly future: readonly number[];
}

const CLOSED: CursorState = {
  view: undefined,
  sequence: 0,
  frame: undefined,
  reading: 'replay',
  tab: 'tree',
  opened: new Set(),
  closed: new Set(),
  reveal: true,
  treeFrom: 0,
  progress: undefined,
  version: 0,
  playing: false,
  speed: 4,
  past: [],
  future: [],
};

export const TREE_ROWS = 200;
const MOST_PLACES = 100;

export const cursor = createStore<CursorState>(() => CLOSED);

export function useCursor<T>(select: (state: CursorState) => T): T {
  return useStore(cursor, select);
}

export async function openExecution(id: string, sequence?: number): Promise<Fault | undefined> {
  const opened = await ask('execution.open', { execution: id });
  if (!opened.ok) return opened.fault;
  const { tab, reveal, speed } = cursor.getState();
  const last = opened.value.lastSequence;
  cursor.setState({ ...CLOSED, tab, reveal, speed, view: opened.value, sequence: Math.min(sequence ?? last, last) });
  await refresh();
  tellPlace();
  return undefined;
}

/** The engine is a new one: it opens the execution again, and here everything stays where it is. */
export async function reopenExecution(): Promise<void> {
  const { view, version } = cursor.getState();
  if (view === undefined) return;
  await ask('execution.open', { execution: view.id });
  cursor.setState({ version: version + 1 });
  await refresh();
}

export function closeExecution(): void {
  stop();
  cursor.setState(CLOSED);
  tellPlace();
}

/** Moves by a wish; `jump` remembers where one was. */
export function moveTo(sequence: number, { jump = false } = {}): void {
  const { view, sequence: from, frame, past } = cursor.getState();
  if (view === undefined) return;
  const last = Math.max(view.lastSequence, frame?.lastSequence ?? 0);
  const to = Math.max(0, Math.min(Math.round(sequence), last));
  if (to === from) return;
  cursor.setState(jump ? { sequence: to, past: [...past, from].slice(-MOST_PLACES), future: [] } : { sequence: to });
  void refresh();
  tellPlace();
}

export function step(by: number): void {
  moveTo(cursor.getState().sequence + by);
}

export function toSnapshot(direction: 1 | -1): void {
  const { frame } = cursor.getState();
  const to = direction > 0 ? frame?.nextSnapshot : frame?.previousSnapshot;
  if (to !== null && to !== undefined) moveTo(to, { jump: true });
}

/** To the nearest failure or change of the state. */
export async function toNear(what: 'failure' | 'change', direction: 'next' | 'previous'): Promise<void> {
  const { view, sequence } = cursor.getState();
  if (view === undefined) return;
  const near = await ask('event.near', { execution: view.id, sequence, what, direction });
  if (near.ok && near.value !== null) moveTo(near.value, { jump: true });
}

export function toEnd(): void {
  moveTo(Number.MAX_SAFE_INTEGER, { jump: true });
}

export function goBack(): void {
  const { past, future, sequence } = cursor.getState();
  const to = past.at(-1);
  if (to === undefined) return;
  cursor.setState({ past: past.slice(0, -1), future: [...future, sequence], sequence: to });
  void refresh();
}

export function goForward(): void {
  const { past, future, sequence } = cursor.getState();
  const to = future.at(-1);
  if (to === undefined) return;
  cursor.setState({ past: [...past, sequence], future: future.slice(0, -1), sequence: to });
  void refresh();
}

export function setTab(tab: StateTab): void {
  cursor.setState({ tab });
}

export function setReading(reading: Reading): void {
  cursor.setState({ reading });
  void refresh();
}

export function setReveal(reveal: boolean): void {
  cursor.setState({ reveal });
  void refresh();
}

export function toggleRow(pointer: string, open: boolean): void {
  const opened = new Set(cursor.getState().opened);
  const closed = new Set(cursor.getState().closed);
  (open ? closed : opened).delete(pointer);
  (open ? opened : closed).add(pointer);
  cursor.setState({ opened, closed });
  void refresh();
}

export function scrollTree(from: number): void {
  if (from === cursor.getState().treeFrom) return;
  cursor.setState({ treeFrom: from });
  void refresh();
}

let inFlight = false;
let wished = false;

/** Asks for the frame of the present wish. */
async function refresh(): Promise<void> {
  wished = true;
  if (inFlight) return;
  inFlight = true;
  while (wished) {
    wished = false;
    const { view, sequence, reading, opened, closed, reveal, treeFrom } = cursor.getState();
    if (view === undefined) break;
    const answer = await ask('frame.at', {
      execution: view.id,
      sequence,
      tree: { from: treeFrom, count: TREE_ROWS, reading, opened: [...opened], closed: [...closed], reveal },
    });
    // Another execution was opened meanwhile: this answer is nobody's.
    if (cursor.getState().view?.id !== view.id) continue;
    if (answer.ok) cursor.setState({ frame: answer.value });
    else if (answer.fault.kind !== 'engine-gone') reportFault(answer.fault);
  }
  inFlight = false;
}

let reportFault: (fault: Fault) => void = () => {};

/** Where faults of a move are shown; set once at the start. */
export function onMoveFault(report: (fault: Fault) => void): void {
  reportFault = report;
}

export function showProgress(progress: Progress): void {
  const { view, version, frame } = cursor.getState();
  if (view?.id !== progress.execution) return;
  const done = progress.phase === 'done' || progress.phase === 'failed';
  cursor.setState({ progress: done ? undefined : progress, version: version + 1 });
  // A frame that was made before the index came that far, or before its snapshot was checked.
  if (done || frame?.waiting || frame?.fromSnapshot !== null) void refresh();
}

const tickEvery = (speed: number): number => 1000 / speed;
let timer: ReturnType<typeof setTimeout> | undefined;

export function togglePlay(): void {
  if (cursor.getState().playing) return stop();
  const { sequence, view } = cursor.getState();
  if (view !== undefined && sequence >= view.lastSequence) moveTo(0, { jump: true });
  cursor.setState({ playing: true });
  const tick = (): void => {
    step(1);
    const { sequence: at, view: open } = cursor.getState();
    if (open === undefined || at >= open.lastSequence) return stop();
    timer = setTimeout(tick, tickEvery(cursor.getState().speed));
  };
  timer = setTimeout(tick, tickEvery(cursor.getState().speed));
}

export function setSpeed(speed: number): void {
  cursor.setState({ speed });
}

function stop(): void {
  clearTimeout(timer);
  if (cursor.getState().playing) cursor.setState({ playing: false });
}

let placeTimer: ReturnType<typeof setTimeout> | undefined;

/** Main restores this place when the engine or the page had to be started again. */
function tellPlace(): void {
  clearTimeout(placeTimer);
  placeTimer = setTimeout(() => {
    const { view, sequence } = cursor.getState();
    void ask('place.set', { execution: view?.id ?? null, sequence });
  }, 150);
}
