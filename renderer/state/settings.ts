import { createStore } from 'zustand/vanilla';
import type { ColumnChoice, HostStart, WorkflowChoices } from '../../core/contract/host.ts';
import type { Preferences, TimeChoice } from '../../core/contract/preferences.ts';
import { DEFAULT_PREFERENCES, type SidePane, type TrackName } from '../../core/vocabulary.ts';
import type { Client } from '../client.ts';
import { type ChoiceChange, withChange } from './choices.ts';
import { NO_CHOICE } from './columns.ts';

/** The user's settings, and facts about the host. */
export interface Settings {
  readonly preferences: Preferences;
  /** Whether the theme is dark at present. Drawings read their colours again when it changes. */
  readonly dark: boolean;
  readonly layout: HostStart['layout'];
  readonly workflows: HostStart['workflows'];
  readonly columns: HostStart['columns'];
  readonly platform: string;
  readonly version: string;
}

const NO_CHOICES: WorkflowChoices = { watches: [], conditions: [], tracks: [] };
/** The longest path, condition and name of a workflow that the host remembers. */
const MAX_KEPT = 1000;
const MAX_ID = 500;

/** The steps of a browser, from 50 to 300 %. */
const ZOOMS: readonly number[] = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

export function createSettings(client: Client) {
  const store = createStore<Settings>(() => ({
    preferences: DEFAULT_PREFERENCES,
    dark: true,
    layout: {},
    workflows: {},
    columns: {},
    platform: '',
    version: '',
  }));
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
    begin({ preferences, layout, workflows, columns, platform, version }: HostStart): void {
      store.setState({ preferences, layout, workflows, columns, platform, version });
      apply();
    },
    prefer,
    showPane(pane: SidePane, isShown: boolean): void {
      if (isShown !== store.getState().preferences.hiddenPanes.includes(pane)) return;
      const others = store.getState().preferences.hiddenPanes.filter((hidden) => hidden !== pane);
      prefer({ hiddenPanes: isShown ? others : [...others, pane] });
    },
    /** Zooms the window by one step, or back to its actual size. */
    zoomWindow(direction: 'in' | 'out' | 'reset'): void {
      const { zoom: from } = store.getState().preferences;
      const zoom = direction === 'reset' ? 1 : direction === 'in' ? ZOOMS.find((step) => step > from) : ZOOMS.findLast((step) => step < from);
      if (zoom !== undefined) prefer({ zoom });
    },
    /** What the user looks at in runs of a workflow. */
    choicesOf(id: string) {
      const { workflows, preferences } = store.getState();
      const kept = Object.hasOwn(workflows, id) ? workflows[id] : undefined;
      return { ...kept, tracks: [...preferences.tracks, ...(kept?.tracks ?? [])] };
    },
    /**
     * Remembers what the user looks at: paths and conditions for a workflow, the other tracks for all of them. Several runs of
     * a workflow may be open, so only what was changed in one of them changes.
     */
    keepChoices:
      (id: string) =>
      (change: ChoiceChange): void => {
        const { list, entry } = change;
        const { workflows, preferences } = store.getState();
        const isPath = entry.startsWith('/');
        if (list === 'tracks' && !isPath) return prefer({ tracks: withChange(preferences.tracks, change) as TrackName[] });
        if (entry.length > MAX_KEPT || (list === 'watches' && !isPath)) return;
        const known = (Object.hasOwn(workflows, id) ? workflows[id] : undefined) ?? NO_CHOICES;
        const choices = { ...known, [list]: withChange(known[list], change) };
        store.setState({ workflows: { ...workflows, [id]: choices } });
        if (id.length <= MAX_ID) void client.ask('host.keepSettings', { workflow: { id, choices } });
      },
    /** @param list the name of the list. @param keep whether to remember it, which is not done while a column is dragged. */
    setColumns(list: string, choice: ColumnChoice, { keep = true } = {}): void {
      store.setState({ columns: { ...store.getState().columns, [list]: choice } });
      if (keep) this.keepColumns(list);
    },
    resetColumns(list: string): void {
      this.setColumns(list, NO_CHOICE);
    },
    keepColumns(list: string): void {
      const choice = store.getState().columns[list];
      if (choice !== undefined) void client.ask('host.keepSettings', { columns: { [list]: choice } });
    },
    setTimes: (change: Partial<TimeChoice>): void => prefer({ times: { ...store.getState().preferences.times, ...change } }),
    /** @param sizes the sizes of the panels of a group, in percent. */
    keepLayout(name: string, sizes: readonly number[]): void {
      store.setState({ layout: { ...store.getState().layout, [name]: sizes } });
      void client.ask('host.keepSettings', { layout: { [name]: [...sizes] } });
    },
  };
}
