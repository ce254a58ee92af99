import { Bookmark } from 'lucide-react';
import { useRun, useRunState } from '../../state/context.ts';
import type { Scale } from './scale.ts';

/** The user's bookmarks in view, as ribbons. A keyboard reaches them in the list of bookmarks. */
export function Bookmarks({ scale }: { readonly scale: Scale }) {
  const { moveTo } = useRun();
  const bookmarks = useRunState((state) => state.bookmarks);
  const { from, to } = scale.shown;
  return bookmarks
    .filter(({ sequence }) => sequence >= from && sequence <= to)
    .map(({ sequence, note }) => (
      <button
        key={sequence}
        type="button"
        tabIndex={-1}
        className="timeline-bookmark"
        style={{ left: scale.middleOf(sequence) }}
        aria-label={`Bookmark of #${sequence}`}
        title={`#${sequence}${note === '' ? '' : `: ${note}`}`}
        onClick={() => moveTo(sequence, { jump: true })}
      >
        <Bookmark size={11} fill="currentColor" aria-hidden="true" />
      </button>
    ));
}
