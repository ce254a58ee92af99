import type { TrackName } from '../../../core/vocabulary.ts';

interface TrackLabel {
  readonly label: string;
  readonly title: string;
  /** The exact text of a value with its unit. */
  readonly format: (text: string) => string;
}

/** Groups the digits before the point; nothing is rounded. */
const grouped = (text: string): string => {
  const [whole = '', fraction] = text.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
};

const NAMES: Readonly<Record<TrackName, TrackLabel>> = {
  tokens: { label: 'tokens', title: 'Tokens in and out, up to here', format: grouped },
  cost: { label: 'cost', title: 'Recorded US dollars, up to here', format: (text) => `$${grouped(text)}` },
  duration: { label: 'work of nodes', title: 'The durations of completed nodes, up to here', format: (text) => `${grouped(text)} ms` },
  retries: { label: 'retries', title: 'Scheduled retries, up to here', format: grouped },
  size: { label: 'state size', title: 'The replayed state as compact JSON, in UTF-8 bytes', format: (text) => `${grouped(text)} B` },
};

export function isPath(track: string): boolean {
  return track.startsWith('/');
}

export function trackLabel(track: string): TrackLabel {
  return isPath(track) ? { label: track, title: `The value at ${track}`, format: (text) => text } : NAMES[track as TrackName];
}

export const TRACK_NAMES = Object.keys(NAMES) as readonly TrackName[];
