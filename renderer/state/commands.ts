import type { MenuItem } from '../../core/contract/host.ts';
import type { SidePane } from '../../core/vocabulary.ts';
import type { App } from './app.ts';
import { PREFERENCE_COMMANDS } from './preference-commands.ts';
import type { Run } from './run.ts';

/** An action in the palette, in the native menu and on keys. */
export interface Command extends MenuItem {
  /** More words by which the palette finds it. */
  readonly also: string;
  /** What must be on screen or open; nothing by default. */
  readonly needs?: 'execution' | 'source';
  /** Whether its keys also work in a dialog. */
  readonly inDialogs?: boolean;
  readonly run: (app: App) => void;
}

type Label = Pick<MenuItem, 'id' | 'label'> & { readonly keys?: readonly string[]; readonly also?: string };

const command = (menu: MenuItem['menu'], { id, label, keys = [], also = '' }: Label, run: (app: App) => void, needs?: Command['needs']): Command => ({
  id,
  label,
  menu,
  keys: [...keys],
  also,
  run,
  ...(needs === undefined ? {} : { needs }),
});

const onRun = (menu: MenuItem['menu'], label: Label, act: (run: Run, app: App) => void): Command =>
  command(
    menu,
    label,
    (app) => {
      const { run } = app.navigation.store.getState();
      if (run !== undefined) act(run, app);
    },
    'execution',
  );

const always = (label: Label, run: (app: App) => void): Command => ({ ...command('View', label, run), inDialogs: true });

const GENERAL: readonly Command[] = [
  command(
    'File',
    { id: 'open', label: 'Open Database…', also: 'file sqlite load', keys: ['Mod+O'] },
    ({ navigation, client }) => void navigation.open('Opening…', client.ask('host.chooseSource', {})),
  ),
  command(
    'File',
    { id: 'connect', label: 'Connect to Postgres…', also: 'open server database address url', keys: ['Mod+Shift+O'] },
    ({ navigation, sources }) => navigation.connect(sources.store.getState().recent.find(({ kind }) => kind === 'Postgres')?.path),
  ),
  command(
    'File',
    { id: 'open-sample', label: 'Open the Sample', also: 'example demo' },
    ({ navigation, client }) => void navigation.open('Opening the sample…', client.ask('host.openSample', {})),
  ),
  command(
    'File',
    { id: 'export', label: 'Export…', also: 'save write file copy json', keys: ['Mod+E'] },
    ({ navigation }) => navigation.setDialog('export'),
    'execution',
  ),
  command(
    'File',
    { id: 'reload', label: 'Reload Database', also: 'refresh read again update new', keys: ['Mod+R'] },
    ({ navigation }) => void navigation.reload(),
    'source',
  ),
  command(
    'File',
    { id: 'close', label: 'Close Database', also: 'leave welcome', keys: ['Mod+Shift+W'] },
    ({ navigation }) => void navigation.close(),
    'source',
  ),

  command(
    'File',
    { id: 'copy-link', label: 'Copy a Link to This Moment', also: 'share url deep', keys: ['Mod+Shift+L'] },
    (app) => void app.copyLink(),
    'execution',
  ),
  command('File', { id: 'close-tab', label: 'Close Tab', also: 'execution', keys: ['Mod+W'] }, ({ navigation }) => navigation.closeTab(), 'execution'),
  command(
    'Go',
    { id: 'next-tab', label: 'Next Tab', also: 'execution switch', keys: ['Control+Tab', 'Mod+PageDown'] },
    ({ navigation }) => navigation.stepTab(1),
    'source',
  ),
  command(
    'Go',
    { id: 'previous-tab', label: 'Previous Tab', also: 'execution switch', keys: ['Control+Shift+Tab', 'Mod+PageUp'] },
    ({ navigation }) => navigation.stepTab(-1),
    'source',
  ),
  command(
    'Go',
    { id: 'executions', label: 'List of Executions', also: 'runs overview back', keys: ['Mod+L'] },
    ({ navigation }) => navigation.showExecutions(),
    'source',
  ),
  onRun('Go', { id: 'next', label: 'Next Event', also: 'step forward after', keys: ['ArrowRight', 'F8'] }, (run) => run.step(1)),
  onRun('Go', { id: 'previous', label: 'Previous Event', also: 'step backward before', keys: ['ArrowLeft', 'F7'] }, (run) => run.step(-1)),
  onRun('Go', { id: 'next-ten', label: 'Forward Ten Events', also: 'step jump', keys: ['Shift+ArrowRight'] }, (run) => run.step(10)),
  onRun('Go', { id: 'previous-ten', label: 'Back Ten Events', also: 'step jump', keys: ['Shift+ArrowLeft'] }, (run) => run.step(-10)),
  onRun('Go', { id: 'next-snapshot', label: 'Next Snapshot', also: 'checkpoint', keys: ['Mod+ArrowRight'] }, (run) => void run.toNearest('snapshot', 'next')),
  onRun(
    'Go',
    { id: 'previous-snapshot', label: 'Previous Snapshot', also: 'checkpoint', keys: ['Mod+ArrowLeft'] },
    (run) => void run.toNearest('snapshot', 'previous'),
  ),
  onRun('Go', { id: 'next-of-node', label: 'Next Event of the Selected Node', also: 'attempt lane', keys: ['n'] }, (run) => void run.toNearest('node', 'next')),
  onRun(
    'Go',
    { id: 'previous-of-node', label: 'Previous Event of the Selected Node', also: 'attempt lane', keys: ['Shift+N'] },
    (run) => void run.toNearest('node', 'previous'),
  ),
  onRun('Go', { id: 'follow', label: 'Follow New Events', also: 'live tail end grow', keys: ['f'] }, (run) => run.toggleFollowing()),
  onRun('Go', { id: 'next-change', label: 'Next Change of the State', also: 'modify write value', keys: ['c'] }, (run) => void run.toNearest('change', 'next')),
  onRun(
    'Go',
    { id: 'previous-change', label: 'Previous Change of the State', also: 'modify write value', keys: ['Shift+C'] },
    (run) => void run.toNearest('change', 'previous'),
  ),
  onRun(
    'Go',
    { id: 'next-failure', label: 'Next Failure', also: 'error failed exception problem', keys: ['e'] },
    (run) => void run.toNearest('failure', 'next'),
  ),
  onRun(
    'Go',
    { id: 'previous-failure', label: 'Previous Failure', also: 'error failed exception problem', keys: ['Shift+E'] },
    (run) => void run.toNearest('failure', 'previous'),
  ),
  onRun('Go', { id: 'next-turn', label: 'Next Turn of the Agent', also: 'loop step model', keys: ['t'] }, (run) => void run.toTurn('next')),
  onRun('Go', { id: 'previous-turn', label: 'Previous Turn of the Agent', also: 'loop step model', keys: ['Shift+T'] }, (run) => void run.toTurn('previous')),
  onRun('Go', { id: 'next-match', label: 'Next Match of the Filter', also: 'find search result hit', keys: ['F3'] }, (run) => void run.toMatch('next')),
  onRun(
    'Go',
    { id: 'previous-match', label: 'Previous Match of the Filter', also: 'find search result hit', keys: ['Shift+F3'] },
    (run) => void run.toMatch('previous'),
  ),
  onRun(
    'Go',
    { id: 'next-write', label: 'Next Change of the Selected Value', also: 'write path blame', keys: [']'] },
    (run) => void run.toChangeOfSelected('next'),
  ),
  onRun(
    'Go',
    { id: 'previous-write', label: 'Previous Change of the Selected Value', also: 'write path blame', keys: ['['] },
    (run) => void run.toChangeOfSelected('previous'),
  ),
  onRun('View', { id: 'pin', label: 'Compare with This Moment', also: 'pin diff', keys: ['p'] }, (run) => run.pin()),
  onRun('Go', { id: 'bookmark', label: 'Bookmark This Moment', also: 'mark note remember', keys: ['m'] }, (run) => run.toggleBookmark()),
  onRun('Go', { id: 'next-bookmark', label: 'Next Bookmark', also: 'mark note', keys: ["'"] }, (run) => run.toBookmark('next')),
  onRun('Go', { id: 'previous-bookmark', label: 'Previous Bookmark', also: 'mark note', keys: ['Shift+M'] }, (run) => run.toBookmark('previous')),
  command(
    'View',
    { id: 'find-in-panel', label: 'Find in This Panel', also: 'search text filter state key value path', keys: ['Mod+F'] },
    findInPanel,
    'source',
  ),
  onRun('View', { id: 'search', label: 'Search the Run…', also: 'find text everywhere events grep', keys: ['Mod+Shift+F'] }, (run) => run.openSearch()),
  onRun('Go', { id: 'first', label: 'Before the First Event', also: 'start beginning home', keys: ['Home'] }, (run) => run.moveTo(0, { jump: true })),
  onRun('Go', { id: 'last', label: 'Last Event', also: 'end newest finish', keys: ['End'] }, (run) => run.toEnd()),
  command('Go', { id: 'go', label: 'Go to Sequence…', also: 'jump number event', keys: ['g'] }, ({ navigation }) => navigation.setDialog('go'), 'execution'),
  onRun('Go', { id: 'back', label: 'Back', also: 'history undo', keys: ['Alt+ArrowLeft'] }, (run) => run.back()),
  onRun('Go', { id: 'forward', label: 'Forward', also: 'history redo', keys: ['Alt+ArrowRight'] }, (run) => run.forward()),
  onRun('Go', { id: 'play', label: 'Play / Pause', also: 'run animate stop speed', keys: ['Space'] }, (run) => run.togglePlay()),

  command('View', { id: 'palette', label: 'Command Palette…', keys: ['Mod+K'] }, ({ navigation }) => navigation.setDialog('palette')),
  command(
    'View',
    { id: 'filter', label: 'Filter', also: 'find search', keys: ['/'] },
    ({ settings, navigation }) => {
      settings.showPane('events', true);
      navigation.store.getState().run?.setStory(false);
      // The field is there once the pane is drawn.
      requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-filter]')?.focus());
    },
    'source',
  ),
];

const LAST: readonly Command[] = [
  onRun('View', { id: 'toggle-events', label: 'Show or Hide the Events', also: 'panel collapse left', keys: ['Mod+B'] }, (_run, app) =>
    togglePane(app, 'events'),
  ),
  onRun('View', { id: 'story', label: 'The Log as a Story or as Events', also: 'turns steps narrative list', keys: ['y'] }, (run, { settings }) => {
    settings.showPane('events', true);
    run.setStory(!run.store.getState().story);
  }),
  onRun('View', { id: 'fold-loop', label: 'Fold or Unfold the Loop of the Agent', also: 'turns cycle lanes graph', keys: [] }, (run) =>
    run.setFoldLoops(!run.store.getState().foldLoops),
  ),
  onRun('View', { id: 'toggle-details', label: 'Show or Hide the Details', also: 'panel collapse right side inspector', keys: ['Mod+Alt+B'] }, (_run, app) =>
    togglePane(app, 'details'),
  ),
  onRun('View', { id: 'timeline-in', label: 'Zoom the Timeline In', also: 'larger bigger', keys: ['w'] }, (run) => run.zoom.zoom(0.5)),
  onRun('View', { id: 'timeline-out', label: 'Zoom the Timeline Out', also: 'smaller', keys: ['s'] }, (run) => run.zoom.zoom(2)),
  onRun('View', { id: 'axis', label: 'Timeline by Sequence or by Time', also: 'axis wall clock' }, (run) => run.zoom.toggleAxis()),
  onRun('View', { id: 'pan-left', label: 'Pan the Timeline Left', also: 'move scroll' }, (run) => run.zoom.panBy(-0.25)),
  onRun('View', { id: 'pan-right', label: 'Pan the Timeline Right', also: 'move scroll' }, (run) => run.zoom.panBy(0.25)),
  always({ id: 'zoom-in', label: 'Zoom In', also: 'larger bigger text size', keys: ['Mod+Plus'] }, ({ settings }) => settings.zoomWindow('in')),
  always({ id: 'zoom-out', label: 'Zoom Out', also: 'smaller text size', keys: ['Mod+-'] }, ({ settings }) => settings.zoomWindow('out')),
  always({ id: 'zoom-reset', label: 'Actual Size', also: 'zoom 100 normal', keys: ['Mod+0'] }, ({ settings }) => settings.zoomWindow('reset')),
  command('View', { id: 'settings', label: 'Settings…', also: 'preferences options theme contrast density rows keys', keys: ['Mod+,'] }, ({ navigation }) =>
    navigation.setDialog('settings'),
  ),
  ...PREFERENCE_COMMANDS,
  command('Help', { id: 'keys', label: 'Keyboard Shortcuts', also: 'help hotkeys bindings', keys: ['?'] }, ({ navigation }) => navigation.setDialog('keys')),
];

/** All commands with the user's keys. The native menu, the palette, the keys and their list are made from this list. */
export function commandsOf(app: App): readonly Command[] {
  const { keys } = app.settings.store.getState().preferences;
  return usualCommands(app).map((usual) => ({ ...usual, keys: [...(keys[usual.id] ?? usual.keys)] }));
}

/** Gives a command one key instead of those that it has, and takes it from the command that had it. @param key undefined for none. */
export function assignKey(app: App, command: Command, key: string | undefined): void {
  const { keys } = app.settings.store.getState().preferences;
  const others = commandsOf(app).filter((other) => other.id !== command.id && key !== undefined && other.keys.includes(key));
  const withoutIt = Object.fromEntries(others.map((other) => [other.id, other.keys.filter((known) => known !== key)]));
  app.settings.prefer({ keys: { ...keys, ...withoutIt, [command.id]: key === undefined ? [] : [key] } });
}

/** Gives a command its usual keys again, and the commands that have them now lose them. @param id of the command; all by default. */
export function resetKeys(app: App, id?: string): void {
  const { keys } = app.settings.store.getState().preferences;
  const usual = usualCommands(app).find((known) => known.id === id)?.keys ?? [];
  const left = Object.entries(keys).filter(([of]) => id !== undefined && of !== id);
  app.settings.prefer({ keys: Object.fromEntries(left.map(([of, theirs]) => [of, theirs.filter((key) => !usual.includes(key))])) });
}

/** Leads to the field that finds something in the panel with the focus, or in the state; in the list, to its search. */
function findInPanel({ navigation }: App): void {
  const { screen, run } = navigation.store.getState();
  const focus = (within: Element | null | undefined): boolean => {
    const field = within?.querySelector<HTMLInputElement>('[data-find], [data-filter]');
    field?.focus();
    field?.select();
    return field != null;
  };
  if (screen !== 'execution') return void focus(document.body);
  if (focus(document.activeElement?.closest('.pane')) || focus(document.querySelector('.pane.state-pane'))) return;
  run?.setTab('tree');
  // The field is there once the panel is drawn.
  requestAnimationFrame(() => focus(document.querySelector('.pane.state-pane')));
}

function showSide(app: App, run: Run, id: string): void {
  app.settings.showPane('details', true);
  run.setSide(id);
}

function togglePane({ settings }: App, pane: SidePane): void {
  settings.showPane(pane, settings.store.getState().preferences.hiddenPanes.includes(pane));
}

function usualCommands(app: App): readonly Command[] {
  const panels = app.panels.flatMap(({ id, region, show }) =>
    show === undefined ? [] : [onRun('View', { id, ...show }, (run) => (region === 'side' ? showSide(app, run, id) : run.setTab(id)))],
  );
  return [...GENERAL, ...panels, ...LAST];
}

export function canRun(app: App, { needs }: Command): boolean {
  const { screen, source } = app.navigation.store.getState();
  if (needs === 'execution') return screen === 'execution';
  return needs !== 'source' || source !== undefined;
}

export function runCommand(app: App, id: string): void {
  const found = commandsOf(app).find((known) => known.id === id);
  if (found !== undefined && canRun(app, found)) found.run(app);
}
