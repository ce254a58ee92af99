import { cursor, goBack, goForward, moveTo, setTab, step, toEnd, togglePlay, toNear, toSnapshot } from './cursor.ts';
import { app, chooseSource, closeSource, openSample, readAgain, setTheme, showExecutions } from './session.ts';
import { zoomTimeline } from './timeline.ts';

/** What each command of the table does here. */
const ACTIONS: Readonly<Record<string, () => void>> = {
  open: () => void chooseSource(),
  'open-sample': () => void openSample(),
  export: () => app.setState({ dialog: 'export' }),
  again: () => void readAgain(),
  close: () => void closeSource(),
  executions: showExecutions,
  next: () => step(1),
  previous: () => step(-1),
  'next-ten': () => step(10),
  'previous-ten': () => step(-10),
  'next-snapshot': () => toSnapshot(1),
  'previous-snapshot': () => toSnapshot(-1),
  'next-change': () => void toNear('change', 'next'),
  'previous-change': () => void toNear('change', 'previous'),
  'next-failure': () => void toNear('failure', 'next'),
  'previous-failure': () => void toNear('failure', 'previous'),
  first: () => moveTo(0, { jump: true }),
  last: toEnd,
  go: () => app.setState({ dialog: 'go' }),
  back: goBack,
  forward: goForward,
  play: togglePlay,
  palette: () => app.setState({ dialog: 'palette' }),
  filter: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus(),
  tree: () => setTab('tree'),
  diff: () => setTab('diff'),
  json: () => setTab('json'),
  'zoom-in': () => zoomTimeline(0.5),
  'zoom-out': () => zoomTimeline(2),
  'theme-system': () => setTheme('system'),
  'theme-light': () => setTheme('light'),
  'theme-dark': () => setTheme('dark'),
  keys: () => app.setState({ dialog: 'keys' }),
};

export function canRun(id: string): boolean {
  const { commands, source, screen } = app.getState();
  const needs = commands.find((command) => command.id === id)?.needs;
  if (needs === 'execution') return screen === 'execution' && cursor.getState().view !== undefined;
  return needs !== 'source' || source !== undefined;
}

export function run(id: string): void {
  if (canRun(id)) ACTIONS[id]?.();
}

/** `Ctrl+Shift+W` for a person on this system. */
export function keyLabel(key: string): string {
  const mac = app.getState().platform === 'darwin';
  return key
    .replace('Mod', mac ? '⌘' : 'Ctrl')
    .replace('Shift', mac ? '⇧' : 'Shift')
    .replace('Alt', mac ? '⌥' : 'Alt')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace(/^[A-Z]$/, (letter) => (mac ? `⇧${letter}` : `Shift ${letter}`))
    .replace(/^[a-z]$/, (letter) => letter.toUpperCase())
    .replaceAll('+', mac ? '' : ' ');
}

/** The side buttons of a mouse go back and forward, as in a browser. */
export function listenToMouse(): void {
  window.addEventListener('mouseup', ({ button }) => {
    if (button === 3) run('back');
    if (button === 4) run('forward');
  });
}

/** Single keys are for commands only while nobody is typing; a dialog keeps its keys to itself. */
export function listenToKeys(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || app.getState().dialog !== undefined) return;
    const target = event.target as HTMLElement;
    const typing = target.matches('input, textarea, [contenteditable]');
    const pressed = keyOf(event);
    const command = app.getState().commands.find(({ keys }) => keys.includes(pressed));
    if (command === undefined || !canRun(command.id)) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d/.test(event.key);
    if (typing && (isPlain || !/^(Mod\+[a-z]|F\d)/i.test(pressed))) return;
    // A focused button is pressed by the space bar, and tabs are walked by arrows: that is theirs.
    if (pressed === 'Space' && target.matches('button, a, [role=tab], [role=row], [role=treeitem]') && target.tagName === 'BUTTON') return;
    if (target.matches('[role=tab]') && pressed.startsWith('Arrow')) return;
    event.preventDefault();
    run(command.id);
  });
}

function keyOf(event: KeyboardEvent): string {
  const named = event.key === ' ' ? 'Space' : event.key;
  const isLetter = named.length === 1;
  const modifiers = [
    (event.ctrlKey || event.metaKey) && 'Mod',
    event.altKey && 'Alt',
    event.shiftKey && (!isLetter || event.ctrlKey || event.metaKey) && 'Shift',
  ].filter((part) => part !== false);
  const key = isLetter && modifiers.length > 0 ? named.toUpperCase() : named;
  return [...modifiers, key].join('+');
}
