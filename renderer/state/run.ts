import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bookmark } from '../../core/contract/bookmarks.ts';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { ExecutionView } from '../../core/contract/executions.ts';
import type { Want } from '../../core/contract/frame.ts';
import type { SourceChange } from '../../core/contract/sources.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { Fault } from '../../core/fault.ts';
import { MAX_BOOKMARKS, type Reading } from '../../core/vocabulary.ts';
import type { Client } from '../client.ts';
import { type ChoiceChange, withChange } from './choices.ts';
import { createFrameLoop } from './frame-loop.ts';
import { createHalts, type HaltChoice } from './halts.ts';
import { createHeldStore } from './held-store.ts';
import { createPlayer } from './player.ts';
import type { Against, Artifact, Played, RunChoices, RunState, SearchChoice, Speed } from './run-state.ts';
import { createStops } from './stops.ts';
import { createTimelineZoom, type TimelineZoom } from './timeline-zoom.ts';

export interface RunParts {
  readonly client: Client;
  readonly source: SourceId;
  readonly view: ExecutionView;
  /** The initial cursor; the end by default. */
  readonly sequence: number | undefined;
  readonly choices: RunChoices;
  readonly filter?: string;
  readonly pinned?: number | undefined;
  readonly want: (state: RunState) => Want;
  readonly onFault: (fault: Fault) => void;
  /** Called when the cursor has come to rest, or something else has changed that the host remembers. */
  readonly onLook: () => void;
  /** Called when the user changes what is remembered for the next start. */
  readonly onKeep?: (change: ChoiceChange) => void;
  /** Called when more of the log has been indexed, which makes earlier answers outdated. `isLast` when the indexing has ended. */
  readonly onIndexed: (isLast: boolean) => void;
  /** Called when events have been written to the log, which makes earlier answers outdated, too. */
  readonly onGrowth?: () => void;
}

const MAX_PAST = 100;
/** The longest path that a frame may watch, in characters. */
const MAX_WATCHED = 10_000;
/** As many as one frame may contain. */
const MAX_FOLDED = 200;
/** How long a move waits to be painted together with its frame, in milliseconds: less than a painting lasts. */
const HOLD = 8;
/** How long the cursor must rest before the host remembers it, in milliseconds. */
const CURSOR_DELAY = 150;

export type Run = ReturnType<typeof createRun>;

/** The state of one execution on screen, which must be open in the engine. Two runs share no state. */
export function createRun({
  client,
  source,
  view,
  sequence,
  choices,
  filter = '',
  pinned,
  want,
  onFault,
  onLook,
  onKeep,
  onIndexed,
  onGrowth = () => {},
}: RunParts) {
  const store: StoreApi<RunState> = createStore<RunState>(() => ({
    ...choices,
    view,
    sequence: Math.min(sequence ?? view.lastSequence, view.lastSequence),
    frame: undefined,
    reading: 'replay',
    opened: new Set(),
    closed: new Set(),
    unfolded: 'usual',
    treeFilter: '',
    scrolled: {},
    rowsOnScreen: undefined,
    detailed: new Set(),
    filter,
    selected: undefined,
    sought: undefined,
    pinned,
    beforeChange: 0,
    bookmarks: [],
    against: 'step',
    diffAsText: false,
    condition: '',
    search: { text: '', regex: false, matchCase: false, wholeWord: false, artifacts: false },
    searching: false,
    soughtInText: '',
    folded: new Set(),
    reader: undefined,
    selectedNode: undefined,
    following: (sequence ?? view.lastSequence) >= view.lastSequence,
    hasGrown: false,
    seen: view.lastSequence,
    task: undefined,
    playing: false,
    halted: undefined,
    past: [],
    future: [],
  }));
  const zoom: TimelineZoom = createTimelineZoom(store);
  const held = createHeldStore(store, HOLD);
  const frames = createFrameLoop({ client, source, store, want, onFault, onFrame: held.release });
  let isClosed = false;
  /** Incremented by each move. Replies to requests of an older one are dropped. */
  let moves = 0;
  /** Steps from match to match are taken one after another, because each starts where the one before it ended. */
  let matching: Promise<void> = Promise.resolve();

  let cursorTimer: ReturnType<typeof setTimeout> | undefined;
  const rememberLook = (): void => {
    clearTimeout(cursorTimer);
    cursorTimer = setTimeout(onLook, CURSOR_DELAY);
  };
  const show = (change: Partial<RunState>): void => {
    store.setState(change);
    void frames.refresh();
  };
  /** Changes what is remembered for the next start. */
  const keep = (change: ChoiceChange, shown: Partial<RunState> = {}): void => {
    show({ ...shown, [change.list]: withChange(store.getState()[change.list], change) });
    onKeep?.(change);
  };
  const lastSequence = (): number => Math.max(store.getState().view.lastSequence, store.getState().frame?.lastSequence ?? 0);
  const goTo = (to: number, change: Partial<RunState> = {}): void => {
    moves++;
    held.hold();
    show({ ...change, sequence: to, halted: undefined, following: to === lastSequence(), ...(to === lastSequence() ? { seen: to } : {}) });
    rememberLook();
  };

  const move = (target: number, { jump = false } = {}): void => {
    const { sequence: from, past } = store.getState();
    const to = Math.max(0, Math.min(Math.round(target), lastSequence()));
    if (isClosed || to === from) return;
    goTo(to, jump ? { past: [...past, from].slice(-MAX_PAST), future: [] } : {});
  };
  const player = createPlayer(store, {
    last: lastSequence,
    moveTo: move,
    stopsAfter: createStops(client, source, view.id, onFault),
    nextHalt: createHalts(client, source, view.id, onFault),
  });
  /** A move by hand ends the playing. */
  const moveTo: typeof move = (target, options) => {
    player.stop();
    move(target, options);
  };

  const moveToMatch = async (direction: 'first' | 'next' | 'previous'): Promise<void> => {
    const { sequence: from, filter } = store.getState();
    if (isClosed || filter.trim() === '') return;
    player.stop();
    const asked = ++moves;
    const matches = await client.ask('events.matches', { source, execution: view.id, sequence: from, filter });
    if (asked !== moves || isClosed) return;
    if (!matches.ok) onFault(matches.fault);
    else if (matches.value[direction] !== null) moveTo(matches.value[direction], { jump: true });
  };

  const keepBookmark = async (at: number, bookmark: Bookmark | null): Promise<void> => {
    const kept = await client.ask('host.keepBookmark', { execution: view.id, sequence: at, bookmark });
    if (!kept.ok) onFault(kept.fault);
    else if (!isClosed) store.setState({ bookmarks: kept.value });
  };
  const readBookmarks = async (): Promise<void> => {
    const known = await client.ask('host.bookmarks', { execution: view.id });
    if (known.ok && !isClosed) store.setState({ bookmarks: known.value });
  };

  const run = {
    kind: 'run' as const,
    source,
    execution: view.id,
    store,
    /** The same for views: a move is told together with its frame, if that comes soon. */
    shown: held.shown,
    zoom,
    /** @param jump whether to remember the previous cursor, so that `back` returns to it. */
    moveTo,
    step: (by: number): void => moveTo(store.getState().sequence + by),
    toEnd: (): void => moveTo(lastSequence(), { jump: true }),
    /** Goes to the end and stays there while the log grows; at the end, stays where it is from now on. */
    toggleFollowing(): void {
      const { following, sequence: at } = store.getState();
      if (following) store.setState({ following: false });
      else if (at === lastSequence()) store.setState({ following: true });
      else run.toEnd();
    },

    /**
     * Moves to the nearest failure, change of the state, snapshot, or event of the selected node, or without one of the node of
     * the event on screen, unless the cursor has been moved in the meantime.
     */
    async toNearest(what: 'failure' | 'change' | 'snapshot' | 'node', direction: 'next' | 'previous'): Promise<void> {
      const { sequence: from, selectedNode, frame } = store.getState();
      const node = what === 'node' ? (selectedNode ?? frame?.slices.event?.node ?? undefined) : undefined;
      player.stop();
      const asked = ++moves;
      const nearest = await client.ask('events.nearest', {
        source,
        execution: view.id,
        sequence: from,
        what,
        direction,
        ...(node === undefined ? {} : { node }),
      });
      if (asked !== moves || isClosed) return;
      if (!nearest.ok) onFault(nearest.fault);
      else if (nearest.value !== null) moveTo(nearest.value, { jump: true });
    },

    /** Moves to the first event of the nearest turn of an agent, unless the cursor has been moved in the meantime. */
    async toTurn(direction: 'next' | 'previous'): Promise<void> {
      player.stop();
      const asked = ++moves;
      const nearest = await client.ask('explain.nearestTurn', { source, execution: view.id, sequence: store.getState().sequence, direction });
      if (asked !== moves || isClosed) return;
      if (!nearest.ok) onFault(nearest.fault);
      else if (nearest.value !== null) moveTo(nearest.value, { jump: true });
    },

    /** Moves to an event that the filter matches. Without a filter, nothing happens. */
    toMatch(direction: 'first' | 'next' | 'previous'): Promise<void> {
      matching = matching.then(() => moveToMatch(direction));
      return matching;
    },

    back(): void {
      const { past, future, sequence: from } = store.getState();
      const to = past.at(-1);
      player.stop();
      if (!isClosed && to !== undefined) goTo(to, { past: past.slice(0, -1), future: [...future, from] });
    },

    forward(): void {
      const { past, future, sequence: from } = store.getState();
      const to = future.at(-1);
      player.stop();
      if (!isClosed && to !== undefined) goTo(to, { past: [...past, from], future: future.slice(0, -1) });
    },

    setTab(tab: string): void {
      show({ tab });
      rememberLook();
    },
    setSide(side: string): void {
      show({ side });
      rememberLook();
    },
    setReading: (reading: Reading): void => show({ reading }),
    setFilter(text: string): void {
      store.setState({ filter: text });
      rememberLook();
    },
    selectNode: (selectedNode: string | undefined): void => show({ selectedNode }),
    /** Selects the node of a lane that is the last one up to the cursor. */
    async selectLane(lane: number): Promise<void> {
      const { sequence: at, foldLoops } = store.getState();
      const node = await client.ask('timeline.laneNode', { source, execution: view.id, sequence: at, lane, foldLoops });
      if (node.ok && node.value !== null && !isClosed) show({ selectedNode: node.value });
    },
    setStory: (story: boolean): void => store.setState({ story }),
    setFoldLoops: (foldLoops: boolean): void => show({ foldLoops }),
    setReveal: (reveal: boolean): void => show({ reveal }),
    setSpeed: (speed: Speed): void => store.setState({ speed }),
    setPlayed: (played: Played): void => store.setState({ played }),
    setHalts: (halts: Partial<HaltChoice>): void => store.setState({ halts: { ...store.getState().halts, ...halts } }),
    /** Whether a change of a watched value, or a watched condition that becomes true, ends the playing. */
    haltAt(watch: string, halts: boolean): void {
      const { halts: known } = store.getState();
      const others = known.watches.filter((other) => other !== watch);
      store.setState({ halts: { ...known, watches: halts ? [...others, watch] : others } });
    },
    togglePlay: player.toggle,

    /** Requests the rows of a long panel from this one on. */
    scrollTo(panel: string, from: number): void {
      const { scrolled } = store.getState();
      if (from !== (scrolled[panel] ?? 0)) show({ scrolled: { ...scrolled, [panel]: from } });
    },

    /** Remembers the rows of the tree that are on screen, whose writers the next frame is to have. */
    showRows: (from: number, count: number): void => store.setState({ rowsOnScreen: { from, count } }),

    /** Opens or closes all containers of the tree. */
    unfold: (unfolded: RunState['unfolded']): void => show({ unfolded, opened: new Set(), closed: new Set() }),

    /** Opens or closes a container of the tree. */
    toggleRow(pointer: string, open: boolean): void {
      const opened = new Set(store.getState().opened);
      const closed = new Set(store.getState().closed);
      (open ? closed : opened).delete(pointer);
      (open ? opened : closed).add(pointer);
      show({ opened, closed });
    },

    setTreeFilter: (treeFilter: string): void => store.setState({ treeFilter, scrolled: { ...store.getState().scrolled, found: 0 } }),
    /** Opens or closes the details of an event in the list. */
    toggleDetails(at: number): void {
      const detailed = new Set(store.getState().detailed);
      if (!detailed.delete(at)) detailed.add(at);
      store.setState({ detailed });
    },
    closeDetails: (): void => store.setState({ detailed: new Set() }),

    select: (selected: string | undefined): void => store.setState({ selected, sought: undefined }),
    /** Selects a value, opens what it is in, and scrolls to it. */
    reveal(pointer: string): void {
      const opened = new Set(store.getState().opened);
      for (let at = pointer.indexOf('/', 1); at > 0; at = pointer.indexOf('/', at + 1)) opened.add(pointer.slice(0, at));
      show({ selected: pointer, sought: pointer, opened, tab: 'tree', treeFilter: '' });
    },
    /** Keeps a value in sight. The newest is the first. */
    watch(pointer: string): void {
      if (pointer.length <= MAX_WATCHED) keep({ list: 'watches', entry: pointer, isAdded: true }, { side: 'watches' });
    },
    /** Keeps the value of a condition in sight. */
    watchCondition(condition: string): void {
      if (condition !== '') keep({ list: 'conditions', entry: condition, isAdded: true }, { side: 'watches' });
    },
    unwatchCondition(condition: string): void {
      keep({ list: 'conditions', entry: condition, isAdded: false });
      run.haltAt(condition, false);
    },
    unwatch(pointer: string): void {
      keep({ list: 'watches', entry: pointer, isAdded: false });
      run.haltAt(pointer, false);
    },

    /** Shows a track in the timeline, or no longer. */
    showTrack(track: string, shown = true): void {
      if (track.length <= MAX_WATCHED && store.getState().tracks.includes(track) !== shown) keep({ list: 'tracks', entry: track, isAdded: shown });
    },
    /** Requests the frame again, because something that it leaves out has been read. */
    refresh: (): void => void frames.refresh(),

    /** Pins a moment, and compares with it from now on. @param pinned the cursor by default. */
    pin(pinned = store.getState().sequence): void {
      show({ pinned: Math.min(pinned, lastSequence()), against: 'pinned', tab: 'diff' });
      rememberLook();
    },
    async compareWith(against: Against): Promise<void> {
      const { pinned, sequence: at } = store.getState();
      if (against !== 'change') return show({ against, ...(against === 'pinned' && pinned === undefined ? { pinned: at } : {}) });
      const changed = await client.ask('events.nearest', { source, execution: view.id, sequence: at, what: 'change', direction: 'previous' });
      if (isClosed) return;
      if (changed.ok) show({ against, beforeChange: Math.max(0, (changed.value ?? 1) - 1) });
      else onFault(changed.fault);
    },
    showDiffAsText: (diffAsText: boolean): void => show({ diffAsText, scrolled: { ...store.getState().scrolled, 'diff-text': 0 } }),
    /** The changes since another moment, for other programs. @param until the cursor by default. */
    async patchText(against: number, form: 'json-patch' | 'merge-patch' | 'unified', until?: number) {
      const { sequence: at, reading } = store.getState().frame ?? store.getState();
      return client.ask('values.patch', { source, execution: view.id, sequence: until ?? at, reading, against, form });
    },

    /** Marks the moment at the cursor, or removes its mark. */
    toggleBookmark(): void {
      const { sequence: at, bookmarks, selected: path } = store.getState();
      if (bookmarks.some((known) => known.sequence === at)) return run.removeBookmark(at);
      if (bookmarks.length >= MAX_BOOKMARKS) return;
      store.setState({ side: 'bookmarks' });
      void keepBookmark(at, { sequence: at, note: '', ...(path === undefined || path.length > MAX_WATCHED ? {} : { path }) });
    },
    removeBookmark: (at: number): void => void keepBookmark(at, null),
    setNote(at: number, note: string): void {
      const bookmark = store.getState().bookmarks.find((known) => known.sequence === at);
      if (bookmark !== undefined) void keepBookmark(at, { ...bookmark, note });
    },
    /** Moves to the nearest bookmark; after the last one, the first one is the next. */
    toBookmark(direction: 'next' | 'previous'): void {
      const { sequence: from, bookmarks } = store.getState();
      const [before, after] = [bookmarks.filter((known) => known.sequence < from), bookmarks.filter((known) => known.sequence > from)];
      const found = direction === 'next' ? (after[0] ?? before[0]) : (before.at(-1) ?? after.at(-1));
      if (found !== undefined) moveTo(found.sequence, { jump: true });
    },

    /** Shows every change of the selected value. */
    showChanges: (): void => show({ side: 'changes' }),
    /** Moves to the nearest change of the selected value. */
    async toChangeOfSelected(direction: 'next' | 'previous'): Promise<void> {
      const { sequence: from, selected } = store.getState();
      if (selected === undefined) return;
      player.stop();
      const asked = ++moves;
      const nearest = await client.ask('explain.nearest', { source, execution: view.id, sequence: from, pointer: selected, direction });
      if (asked !== moves || isClosed) return;
      if (!nearest.ok) onFault(nearest.fault);
      else if (nearest.value !== null) moveTo(nearest.value, { jump: true });
    },

    setCondition: (condition: string): void => store.setState({ condition }),
    setSearch: (search: SearchChoice): void => store.setState({ search }),
    findInText: (soughtInText: string): void => show({ soughtInText }),
    /** Folds the container that begins on a line of the JSON text on screen into it, or unfolds it. */
    async toggleFold(line: number): Promise<void> {
      const { sequence: at, reading } = store.getState().frame ?? store.getState();
      const pointer = await client.ask('values.atLine', { source, execution: view.id, sequence: at, reading, line });
      if (isClosed) return;
      if (!pointer.ok) return onFault(pointer.fault);
      const folded = new Set(store.getState().folded);
      if (pointer.value === null || pointer.value.length > MAX_WATCHED) return;
      if (!folded.delete(pointer.value) && folded.size < MAX_FOLDED) folded.add(pointer.value);
      show({ folded });
    },
    unfoldText: (): void => show({ folded: new Set() }),
    openSearch: (): void => store.setState({ searching: true }),
    closeSearch: (): void => store.setState({ searching: false }),

    /** Shows a value of the state on screen in the reader. */
    read(pointer: string): void {
      const { sequence, reading } = store.getState().frame ?? store.getState();
      store.setState({ reader: { kind: 'state', sequence, reading, pointer } });
    },

    /** Shows an event in the reader. @param field its whole stored text by default. */
    readEvent: (sequence: number, field?: string): void => store.setState({ reader: { kind: 'event', sequence, field } }),
    readArtifact: (artifact: Artifact): void => store.setState({ reader: { kind: 'artifact', sequence: store.getState().sequence, artifact } }),
    /** @param sequence at which the call started. @param message its index in the request. */
    readMessage: (sequence: number, message: number): void => store.setState({ reader: { kind: 'sent', sequence, message } }),
    closeReader: (): void => store.setState({ reader: undefined }),

    /** The full text of a value of the state on screen, which may be older than the cursor and the chosen reading. */
    async valueText(pointer: string, style: 'pretty' | 'compact' = 'pretty') {
      const { sequence, reading } = store.getState().frame ?? store.getState();
      return client.ask('values.text', { source, execution: view.id, sequence, reading, pointer, style });
    },

    onTask(update: TaskUpdate): void {
      if (update.kind !== 'index' || update.source !== source || update.execution !== view.id || isClosed) return;
      const ended = update.state !== 'running';
      store.setState({ task: ended ? undefined : update });
      if (update.state === 'failed' && update.fault !== undefined) onFault(update.fault);
      // The checks at the end change no answer until they are done.
      if (ended || update.phase !== 'integrity') onIndexed(ended);
      // The frame may have been made before its sequence was indexed, or before its snapshot was checked.
      if (ended || store.getState().frame?.basis !== 'index') void frames.refresh();
    },

    /** The log has grown, or the status in its row has changed. A cursor at the end stays at the end. */
    onGrown({ lastSequence: last, status, isAnew }: NonNullable<SourceChange['execution']>): void {
      if (isClosed) return;
      const { playing, following, view: known, hasGrown } = store.getState();
      store.setState({ view: { ...known, lastSequence: last, status }, hasGrown: last > known.lastSequence || hasGrown });
      if (isAnew) return void run.reopen();
      onGrowth();
      if (following && !playing) goTo(last);
      else void frames.refresh();
    },

    /**
     * Requests everything again after the engine was restarted or the database reloaded. The cursor stays.
     *
     * @returns false when the execution no longer exists.
     */
    async reopen(): Promise<boolean> {
      const opened = await client.ask('executions.open', { source, execution: view.id });
      if (isClosed) return true;
      if (!opened.ok) {
        onFault(opened.fault);
        return opened.fault.kind !== 'no-such-execution';
      }
      onIndexed(true);
      const { sequence: at, following } = store.getState();
      const last = opened.value.lastSequence;
      show({ view: opened.value, ...(at > last || following ? { sequence: last } : {}) });
      return true;
    },

    choices: (): RunChoices => {
      const { tab, side, watches, conditions, tracks, reveal, foldLoops, story, speed, played, halts } = store.getState();
      return { tab, side, watches, conditions, tracks, reveal, foldLoops, story, speed, played, halts };
    },

    /** Stops the run. @param closeExecution whether to close the execution in the engine, too. */
    close({ closeExecution = true } = {}): void {
      if (isClosed) return;
      isClosed = true;
      player.stop();
      frames.stop();
      clearTimeout(cursorTimer);
      if (closeExecution) void client.ask('executions.close', { source, execution: view.id });
    },
  };
  void frames.refresh();
  void readBookmarks();
  rememberLook();
  return run;
}
