import { createKeybindingsHandler } from 'tinykeys';
import type { App } from './app.ts';
import { canRun, commandsOf, runCommand } from './commands.ts';

/** `Ctrl Shift W` for a person on this system. */
export function keyLabel(key: string, platform: string): string {
  const mac = platform === 'darwin';
  return key
    .replace('Mod', mac ? '⌘' : 'Ctrl')
    .replace('Shift', mac ? '⇧' : 'Shift')
    .replace('Alt', mac ? '⌥' : 'Alt')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace(/^[a-z]$/, (letter) => letter.toUpperCase())
    .replaceAll('+', mac ? '' : ' ');
}

/** A key of a command as the library takes it. What is typed with Shift on one keyboard is typed without it on another. */
function bindings(key: string): readonly string[] {
  const pressed = key.replace('Mod', '$mod');
  return /^[^a-z0-9]$/i.test(pressed) ? [`(\\${pressed})`, `Shift+(\\${pressed})`] : [pressed];
}

/** Single keys are for commands only while nobody is typing; a dialog keeps its keys to itself. @returns a function that stops it. */
export function listenToKeys(app: App, target: Window = window): () => void {
  const listener = createKeybindingsHandler(
    Object.fromEntries(
      commandsOf(app).flatMap((command) =>
        command.keys.flatMap(bindings).map((key) => [
          key,
          (event: KeyboardEvent) => {
            if (event.defaultPrevented || app.navigation.store.getState().dialog !== undefined || !canRun(app, command)) return;
            if (isTheirs(event)) return;
            event.preventDefault();
            command.run(app);
          },
        ]),
      ),
    ),
  );
  target.addEventListener('keydown', listener);
  return () => target.removeEventListener('keydown', listener);
}

/** Whether the key belongs to what has the focus. */
function isTheirs(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const withModifier = event.ctrlKey || event.metaKey;
  if (target.matches('input, textarea, [contenteditable]')) return !/^F\d/.test(event.key) && !(withModifier && /^[a-z]$/i.test(event.key));
  // A focused button is pressed by the space bar, and tabs are walked by arrows.
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
