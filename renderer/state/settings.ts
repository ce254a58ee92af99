import { createStore } from 'zustand/vanilla';
import type { HostStart } from '../../core/contract/host.ts';
import type { Theme } from '../../core/vocabulary.ts';
import type { Client } from '../client.ts';

/** The user's settings, and facts about the host. */
export interface Settings {
  readonly theme: Theme;
  /** Whether the theme is dark at present. Drawings read their colours again when it changes. */
  readonly dark: boolean;
  readonly layout: HostStart['layout'];
  /** The size of everything in the window; 1 is the actual size. */
  readonly zoom: number;
  readonly platform: string;
  readonly version: string;
}

/** The steps of a browser, from 50 to 300 %. */
const ZOOMS: readonly number[] = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

export function createSettings(client: Client) {
  const store = createStore<Settings>(() => ({ theme: 'system', dark: true, layout: {}, zoom: 1, platform: '', version: '' }));
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const { theme } = store.getState();
    const dark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
    store.setState({ dark });
  };
  systemIsDark.addEventListener('change', apply);
  return {
    store,
    begin({ theme, layout, zoom, platform, version }: HostStart): void {
      store.setState({ theme, layout, zoom, platform, version });
      apply();
    },
    setTheme(theme: Theme): void {
      store.setState({ theme });
      apply();
      void client.ask('host.keepSettings', { theme });
    },
    /** Zooms the window by one step, or back to its actual size. */
    zoomWindow(direction: 'in' | 'out' | 'reset'): void {
      const { zoom: from } = store.getState();
      const zoom = direction === 'reset' ? 1 : direction === 'in' ? ZOOMS.find((step) => step > from) : ZOOMS.findLast((step) => step < from);
      if (zoom === undefined) return;
      store.setState({ zoom });
      void client.ask('host.keepSettings', { zoom });
    },
    /** @param sizes the sizes of the panels of a group, in percent. */
    keepLayout(name: string, sizes: readonly number[]): void {
      store.setState({ layout: { ...store.getState().layout, [name]: sizes } });
      void client.ask('host.keepSettings', { layout: { [name]: [...sizes] } });
    },
  };
}
