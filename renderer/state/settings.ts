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
  readonly platform: string;
  readonly version: string;
}

export function createSettings(client: Client) {
  const store = createStore<Settings>(() => ({ theme: 'system', dark: true, layout: {}, platform: '', version: '' }));
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
    begin({ theme, layout, platform, version }: HostStart): void {
      store.setState({ theme, layout, platform, version });
      apply();
    },
    setTheme(theme: Theme): void {
      store.setState({ theme });
      apply();
      void client.ask('host.keepSettings', { theme });
    },
    /** @param sizes the sizes of the panels of a group, in percent. */
    keepLayout(name: string, sizes: readonly number[]): void {
      store.setState({ layout: { ...store.getState().layout, [name]: sizes } });
      void client.ask('host.keepSettings', { layout: { [name]: [...sizes] } });
    },
  };
}
