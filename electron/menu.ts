import { Menu, type MenuItemConstructorOptions } from 'electron';
import { MENUS, type MenuItem, type RecentSource } from '../core/contract/host.ts';

export interface MenuParts {
  readonly recent: () => readonly RecentSource[];
  readonly run: (command: string) => void;
  readonly openRecent: (path: string) => void;
  readonly clearRecent: () => void;
}

/**
 * The native menu, made from the page's commands and the recent files. The menu only shows the keys; the page handles them,
 * because it knows whether the user is typing.
 */
export function createMenu({ recent, run, openRecent, clearRecent }: MenuParts) {
  let commands: readonly MenuItem[] = [];

  const recentMenu = (): MenuItemConstructorOptions => {
    // An & marks the letter that is underlined, and two are one.
    const files = recent().map(({ path, missing }) => ({ label: path.replaceAll('&', '&&'), enabled: !missing, click: () => openRecent(path) }));
    const clear = { id: 'clear-recent', label: 'Clear Recent', enabled: files.length > 0, click: clearRecent };
    return { id: 'recent', label: 'Open Recent', submenu: [...files, { type: 'separator' }, clear] };
  };
  const submenu = (label: string): MenuItemConstructorOptions[] => {
    const items = commands.filter(({ menu }) => menu === label).map((item) => nativeItem(item, run));
    if (label === 'File') return [...items.slice(0, 1), recentMenu(), ...items.slice(1), { type: 'separator' }, { role: 'quit' }];
    // On a Mac it is in the application's own menu.
    return label === 'Help' && process.platform !== 'darwin' ? [...items, { role: 'about' }] : items;
  };
  /** Shows the recent files of the moment. */
  const refresh = (): void => {
    const template: MenuItemConstructorOptions[] = MENUS.map((label) => ({ label, submenu: submenu(label) }));
    if (process.platform === 'darwin') template.unshift({ role: 'appMenu' });
    template.splice(process.platform === 'darwin' ? 2 : 1, 0, { role: 'editMenu' });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  return {
    refresh,
    show(items: readonly MenuItem[]): void {
      commands = items;
      refresh();
    },
  };
}

function nativeItem({ id, label, keys }: MenuItem, run: (id: string) => void): MenuItemConstructorOptions {
  // A function key works wherever the focus is, so it is the one that is shown.
  const key = keys.find((name) => /^F\d/.test(name)) ?? keys[0];
  return { id, label, registerAccelerator: false, click: () => run(id), ...(key === undefined ? {} : { accelerator: accelerator(key) }) };
}

/** `Mod+ArrowLeft` → `CommandOrControl+Left`. */
function accelerator(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'Mod' ? 'CommandOrControl' : part.replace('Arrow', '').replace(/^[a-z?/]$/, (letter) => letter.toUpperCase())))
    .join('+');
}
