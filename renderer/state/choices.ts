import { TRACKS } from '../../core/vocabulary.ts';

/** The lists of what the user looks at in a run. */
type ChoiceList = 'watches' | 'conditions' | 'tracks';

/** One entry that is added to a list of choices, or removed from it. */
export interface ChoiceChange {
  readonly list: ChoiceList;
  readonly entry: string;
  readonly isAdded: boolean;
}

/** The most entries of a list: as many as one frame may contain. */
const MAX_ENTRIES = 50;

/** The entries of a list after a change. The newest watch is the first; the tracks that every run has are before those of paths. */
export function withChange(entries: readonly string[], { list, entry, isAdded }: ChoiceChange): readonly string[] {
  const others = entries.filter((known) => known !== entry);
  if (!isAdded) return others;
  if (list !== 'tracks') return [entry, ...others].slice(0, MAX_ENTRIES);
  const all = [...others, entry].slice(0, MAX_ENTRIES);
  return [...TRACKS.filter((name) => all.includes(name)), ...all.filter((name) => name.startsWith('/'))];
}
