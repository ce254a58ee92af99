import { Menu, type MenuItemConstructorOptions } from 'electron';
import { MENUS, type MenuItem } from '../core/contract/host.ts';

/**
 * Installs the native menu, made from the page's commands. The menu only shows the keys; the page handles them, because it
 * knows whether the user is typing.
 */
export function installMenu(items: readonly MenuItem[], run: (id: string) => void): void {
  const template: MenuItemConstructorOptions[] = MENUS.map((label) => ({
    label,
    submenu: [
      ...items.filter(({ menu }) => menu === label).map((item) => nativeItem(item, run)),
      ...(label === 'File' ? [{ type: 'separator' as const }, { role: 'quit' as const }] : []),
    ],
  }));
  if (process.platform === 'darwin') template.unshift({ role: 'appMenu' });
  template.splice(process.platform === 'darwin' ? 2 : 1, 0, { role: 'editMenu' });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function nativeItem({ id, label, keys: [key] }: MenuItem, run: (id: string) => void): MenuItemConstructorOptions {
  return { id, label, registerAccelerator: false, click: () => run(id), ...(key === undefined ? {} : { accelerator: accelerator(key) }) };
}

/** `Mod+ArrowLeft` → `CommandOrControl+Left`. */
function accelerator(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'Mod' ? 'CommandOrControl' : part.replace('Arrow', '').replace(/^[a-z?/]$/, (letter) => letter.toUpperCase())))
    .join('+');
}
