import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { CommandInfo } from '../core/replies.ts';
import { COMMANDS } from './commands.ts';

const MENUS: readonly CommandInfo['menu'][] = ['File', 'Go', 'View', 'Help'];

/** The native menu. The window itself acts on the keys, because it knows whether someone is typing; the menu shows them. */
export function installMenu(run: (id: string) => void): void {
  const template: MenuItemConstructorOptions[] = MENUS.map((label) => ({
    label,
    submenu: [
      ...COMMANDS.filter((command) => command.menu === label).map((command) => item(command, run)),
      ...(label === 'File' ? [{ type: 'separator' as const }, { role: 'quit' as const }] : []),
    ],
  }));
  const standard: MenuItemConstructorOptions[] = [{ role: 'editMenu' }];
  if (process.platform === 'darwin') template.unshift({ role: 'appMenu' });
  template.splice(process.platform === 'darwin' ? 2 : 1, 0, ...standard);
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function item({ id, label, keys: [key] }: CommandInfo, run: (id: string) => void): MenuItemConstructorOptions {
  return { id, label, registerAccelerator: false, click: () => run(id), ...(key === undefined ? {} : { accelerator: accelerator(key) }) };
}

/** `Mod+ArrowLeft` → `CommandOrControl+Left`. */
function accelerator(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'Mod' ? 'CommandOrControl' : part.replace('Arrow', '').replace(/^[a-z?/]$/, (letter) => letter.toUpperCase())))
    .join('+');
}
