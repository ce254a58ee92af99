import { createKeybindingsHandler } from 'tinykeys';
import { plainPattern } from '../../core/plain-pattern.ts';
import type { App } from './app.ts';
import { canRun, commandsOf, runCommand } from './commands.ts';

/** The label of a key on this system, such as `Ctrl Shift W`. */
export function keyLabel(key: string, platform: string): string {
  const mac = platform === 'darwin';
  return key
    .replace('Mod', mac ? '⌘' : 'Ctrl')
    .replace('Control', mac ? '⌃' : 'Ctrl')
    .replace('Shift', mac ? '⇧' : 'Shift')
    .replace('Alt', mac ? '⌥' : 'Alt')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace(/^[a-z]$/, (letter) => letter.toUpperCase())
    .replaceAll('+', mac ? '' : ' ')
    .replace('Plus', '+');
}

/** The key in the syntax of tinykeys. A sign may need Shift on one keyboard and not on another, so both are bound. */
function bindings(key: string): readonly string[] {
  const pressed = key.replace('Mod', '$mod');
  // On most keyboards, + is = with Shift; both zoom in, as in a browser.
  if (pressed.endsWith('+Plus')) return [pressed.replace('Plus', '(\\+|=)'), pressed.replace('Plus', 'Shift+(\\+)')];
  if (!/^[^a-z0-9]$/i.test(pressed)) return [pressed];
  // It is a regular expression, in which only some signs may be escaped.
  const sign = plainPattern(pressed);
  return [`(${sign})`, `Shift+(${sign})`];
}

/** The names of keys whose own name is no sign, or a space. */
const NAMED: Readonly<Record<string, string>> = { ' ': 'Space', '+': 'Plus' };

/** The pressed key in the notation of commands; undefined while only modifiers are pressed, and for keys that mean the same everywhere. */
export function pressedKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed, platform: string): string | undefined {
  if (['Control', 'Meta', 'Alt', 'AltGraph', 'Shift', 'Escape', 'Enter', 'Tab', 'Dead', 'Unidentified'].includes(key)) return undefined;
  const isLetter = /^\p{L}$/u.test(key);
  const isMod = platform === 'darwin' ? metaKey : ctrlKey;
  const isControl = platform === 'darwin' && ctrlKey;
  // A sign that needs Shift is that sign.
  const isShifted = shiftKey && (isLetter || key.length > 1 || key === ' ');
  const modifiers = [isMod && 'Mod', isControl && 'Control', altKey && 'Alt', isShifted && 'Shift'].filter((name) => name !== false);
  const name = NAMED[key] ?? (isLetter ? (modifiers.length > 0 ? key.toUpperCase() : key.toLowerCase()) : key);
  return [...modifiers, name].join('+');
}
type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Runs commands by their keys, also by those that the user gives them later, except while the user is typing or a dialog is open. @returns a function that stops it. */
export function listenToKeys(app: App, target: Window = window): () => void {
  const { store } = app.settings;
  let listener = handlerOf(app);
  const stopFollowing = store.subscribe((now, before) => {
    if (now.preferences.keys !== before.preferences.keys) listener = handlerOf(app);
  });
  const listen = (event: KeyboardEvent): void => listener(event);
  target.addEventListener('keydown', listen);
  return () => {
    stopFollowing();
    target.removeEventListener('keydown', listen);
  };
}

function handlerOf(app: App): (event: KeyboardEvent) => void {
  return createKeybindingsHandler(
    Object.fromEntries(
      commandsOf(app).flatMap((command) =>
        command.keys.flatMap(bindings).map((key) => [
          key,
          (event: KeyboardEvent) => {
            const isBlocked = app.navigation.store.getState().dialog !== undefined && command.inDialogs !== true;
            if (event.defaultPrevented || isBlocked || !canRun(app, command)) return;
            if (belongsToFocus(event)) return;
            event.preventDefault();
            command.run(app);
          },
        ]),
      ),
    ),
  );
}

/** Whether the focused element handles the key itself. */
function belongsToFocus(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const withModifier = event.ctrlKey || event.metaKey;
  if (target.matches('input, textarea, [contenteditable]'))
    return !/^F\d/.test(event.key) && !(withModifier && /^([a-z0+=-]|Tab|PageUp|PageDown)$/i.test(event.key));
  // The space bar presses a focused button, and the arrow keys move between tabs.
  if (event.key === ' ' && target.tagName === 'BUTTON') return true;
  return target.matches('[role=tab]') && event.key.startsWith('Arrow');
}

/** The side buttons of a mouse go back and forward, as in a browser. */
export function listenToMouse(app: App, target: Window = window): void {
  target.addEventListener('mouseup', ({ button }) => {
    if (button === 3) runCommand(app, 'back');
    if (button === 4) runCommand(app, 'forward');
  });
}
