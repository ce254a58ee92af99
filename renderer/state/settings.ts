import { createStore } from 'zustand/vanilla';
import type { HostStart } from '../../core/contract/host.ts';
import type { Preferences } from '../../core/contract/preferences.ts';
import { DEFAULT_PREFERENCES, type SidePane } from '../../core/vocabulary.ts';
import type { Client } from '../client.ts';

/** The user's settings, and facts about the host. */
export interface Settings {
  readonly preferences: Preferences;
  /** Whether the theme is dark at present. Drawings read their colours again when it changes. */
  readonly dark: boolean;
  readonly layout: HostStart['layout'];
  readonly platform: string;
  readonly version: string;
}

/** The steps of a browser, from 50 to 300 %. */
const ZOOMS: readonly number[] = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

export function createSettings(client: Client) {
  const store = createStore<Settings>(() => ({ preferences: DEFAULT_PREFERENCES, dark: true, layout: {}, platform: '', version: '' }));
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
  const systemHasContrast = matchMedia('(prefers-contrast: more)');
  const apply = (): void => {
    const { theme, contrast, density } = store.getState().preferences;
    const dark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
    const more = contrast === 'more' || systemHasContrast.matches;
    Object.assign(document.documentElement.dataset, { theme: dark ? 'dark' : 'light', contrast: more ? 'more' : 'usual', density });
    store.setState({ dark });
  };
  const prefer = (chosen: Partial<Preferences>): void => {
    store.setState({ preferences: { ...store.getState().preferences, ...chosen } });
    apply();
    void client.ask('host.keepSettings', chosen);
  };
  systemIsDark.addEventListener('change', apply);
  systemHasContrast.addEventListener('change', apply);
  return {
    store,
    begin({ preferences, layout, platform, version }: HostStart): void {
      store.setState({ preferences, layout, platform, version });
      apply();
    },
    prefer,
    showPane(pane: SidePane, isShown: boolean): void {
      const others = store.getState().preferences.hiddenPanes.filter((hidden) => hidden !== pane);
      prefer({ hiddenPanes: isShown ? others : [...others, pane] });
    },
    /** Zooms the window by one step, or back to its actual size. */
    zoomWindow(direction: 'in' | 'out' | 'reset'): void {
      const { zoom: from } = store.getState().preferences;
      const zoom = direction === 'reset' ? 1 : direction === 'in' ? ZOOMS.find((step) => step > from) : ZOOMS.findLast((step) => step < from);
      if (zoom !== undefined) prefer({ zoom });
    },
    /** @param sizes the sizes of the panels of a group, in percent. */
    keepLayout(name: string, sizes: readonly number[]): void {
      store.setState({ layout: { ...store.getState().layout, [name]: sizes } });
      void client.ask('host.keepSettings', { layout: { [name]: [...sizes] } });
    },
  };
}
