import { useMemo } from 'react';
import type { TimeChoice } from '../../core/contract/preferences.ts';
import type { TimeZone } from '../../core/vocabulary.ts';
import { useSettings } from '../state/context.ts';
import { ago, clock, distance, milliseconds } from './format.ts';

/** What a time may be compared with. Where there is nothing to compare it with, it is shown as it is. */
interface TimeAbout {
  /** When the run started, as it is stored. */
  readonly start?: string | undefined;
  /** Milliseconds since the previous event. */
  readonly sincePrevious?: number | null | undefined;
  /** Whether to show milliseconds. */
  readonly exact?: boolean;
}

export interface Times {
  readonly choice: TimeChoice;
  /** A stored time as the user wants to see times. */
  shown(text: string, about?: TimeAbout): string;
  /** The same time in every other form, for a tip. */
  tip(text: string, about?: TimeAbout): string;
}

/** The one choice of how times are shown, for every view that shows one. */
export function useTimes(): Times {
  const choice = useSettings(({ preferences }) => preferences.times);
  return useMemo(() => timesOf(choice), [choice]);
}

export function timesOf(choice: TimeChoice): Times {
  const { form, zone } = choice;
  return {
    choice,
    shown: (text, { start, sincePrevious, exact = false } = {}) => {
      if (form === 'ago') return ago(text);
      if (form === 'start' && start !== undefined) return distance(finite(milliseconds(text) - milliseconds(start)));
      if (form === 'previous' && sincePrevious !== undefined) return distance(sincePrevious);
      return clock(text, { zone, milliseconds: exact });
    },
    tip: (text, { start } = {}) => {
      const since = start === undefined ? null : finite(milliseconds(text) - milliseconds(start));
      const parts = [`${clock(text, { zone, milliseconds: true })} ${zoneName(zone)}`, ago(text), since === null ? '' : `${distance(since)} since the start`];
      return parts.filter((part) => part !== '').join(' · ');
    },
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** `UTC`, or the name of the user's own zone. */
export function zoneName(zone: TimeZone): string {
  return zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}
