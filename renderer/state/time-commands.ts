import { TIME_FORMS, TIME_ZONES, type TimeForm, type TimeZone } from '../../core/vocabulary.ts';
import type { Command } from './commands.ts';

const common = { menu: 'View', keys: [] as string[] } as const;

/** Commands that choose how times are shown, everywhere. */
export const TIME_COMMANDS: readonly Command[] = [
  ...Object.entries(TIME_FORMS).map(
    ([form, words]): Command => ({
      ...common,
      id: `times-${form}`,
      label: `Times: ${words}`,
      also: 'clock timestamp relative absolute delta',
      run: ({ settings }) => settings.setTimes({ form: form as TimeForm }),
    }),
  ),
  ...Object.entries(TIME_ZONES).map(
    ([zone, words]): Command => ({
      ...common,
      id: `times-${zone}`,
      label: `Times: ${words}`,
      also: 'clock timestamp zone timezone',
      run: ({ settings }) => settings.setTimes({ zone: zone as TimeZone }),
    }),
  ),
];
