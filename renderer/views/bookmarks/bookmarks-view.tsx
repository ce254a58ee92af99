import { BookmarkPlus, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Bookmark } from '../../../core/contract/bookmarks.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { useResting } from '../../state/resting.ts';
import './bookmarks.css';

/** How long the typing of a note must rest before it is kept, in milliseconds. */
const NOTE_DELAY = 300;

/** The moments that the user marked, with notes. */
export function BookmarksView() {
  const { toggleBookmark } = useRun();
  const bookmarks = useRunState((state) => state.bookmarks);
  const sequence = useRunState((state) => state.sequence);
  const isMarked = bookmarks.some((known) => known.sequence === sequence);
  return (
    <div className="side-view">
      <div className="side-head bookmarks-head">
        <button type="button" className="button" aria-pressed={isMarked} onClick={toggleBookmark}>
          <BookmarkPlus size={13} aria-hidden="true" /> {isMarked ? `Remove the bookmark of #${sequence}` : `Bookmark #${sequence}`}
        </button>
      </div>
      {bookmarks.length === 0 ? (
        <div className="empty">A bookmark keeps a moment and a note about it. They are kept on this computer, not in the database.</div>
      ) : (
        <ul className="side-list bookmarks" aria-label="Bookmarks">
          {bookmarks.map((bookmark) => (
            <BookmarkRow key={bookmark.sequence} bookmark={bookmark} isAtCursor={bookmark.sequence === sequence} />
          ))}
        </ul>
      )}
    </div>
  );
}

function BookmarkRow({ bookmark: { sequence, note, path }, isAtCursor }: { readonly bookmark: Bookmark; readonly isAtCursor: boolean }) {
  const { moveTo, reveal, setNote, removeBookmark } = useRun();
  const [text, setText] = useState(note);
  const rested = useResting(text, NOTE_DELAY);
  const row = useRef<HTMLLIElement>(null);
  // Also kept while it is typed, because the window may be closed before the field is left.
  useEffect(() => {
    if (rested !== undefined && rested !== note) setNote(sequence, rested);
  }, [rested, note, sequence, setNote]);
  useEffect(() => {
    if (isAtCursor) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isAtCursor]);
  const go = (): void => {
    moveTo(sequence, { jump: true });
    if (path !== undefined) reveal(path);
  };
  return (
    <li ref={row} className={`bookmark${isAtCursor ? ' on' : ''}`}>
      <div>
        <button type="button" className="link" onClick={go}>
          #{sequence}
        </button>
        {path !== undefined && <bdi className="side-path">{path}</bdi>}
        <button type="button" className="icon-button" aria-label={`Remove the bookmark of #${sequence}`} onClick={() => removeBookmark(sequence)}>
          <X size={12} aria-hidden="true" />
        </button>
      </div>
      <textarea
        aria-label={`Note about #${sequence}`}
        placeholder="Note"
        rows={Math.min(6, text.split('\n').length)}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => text !== note && setNote(sequence, text)}
      />
    </li>
  );
}
