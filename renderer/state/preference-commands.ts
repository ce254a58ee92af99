import { CONTRASTS, DENSITIES, THEMES, TIME_FORMS, TIME_ZONES, type TimeForm, type TimeZone } from '../../core/vocabulary.ts';
import type { App } from './app.ts';
import type { Command } from './commands.ts';

const choice = (id: string, label: string, also: string, choose: (settings: App['settings']) => void): Command => ({
  menu: 'View',
  keys: [],
  id,
  label,
  also,
  run: ({ settings }) => choose(settings),
});

const title = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

const THEME_WORDS = { system: 'automatic', light: 'bright white', dark: 'night black' } as const;

/** Commands that choose one value of one setting. */
export const PREFERENCE_COMMANDS: readonly Command[] = [
  ...THEMES.map((theme) =>
    choice(`theme-${theme}`, `Theme: ${title(theme)}`, `appearance colours colors ${THEME_WORDS[theme]}`, (settings) => settings.prefer({ theme })),
  ),
  ...CONTRASTS.map((contrast) =>
    choice(`contrast-${contrast}`, `Contrast: ${title(contrast)}`, 'appearance colours colors high', (settings) => settings.prefer({ contrast })),
  ),
  ...DENSITIES.map((density) =>
    choice(`rows-${density}`, `Rows: ${title(density)}`, 'density height spacing lists', (settings) => settings.prefer({ density })),
  ),
  ...Object.entries(TIME_FORMS).map(([form, words]) =>
    choice(`times-${form}`, `Times: ${words}`, 'clock timestamp relative absolute delta', (settings) => settings.setTimes({ form: form as TimeForm })),
  ),
  ...Object.entries(TIME_ZONES).map(([zone, words]) =>
    choice(`times-${zone}`, `Times: ${words}`, 'clock timestamp zone timezone', (settings) => settings.setTimes({ zone: zone as TimeZone })),
  ),
];
