import { useRunState } from '../../state/context.ts';
import { count } from '../../widgets/format.ts';

export const DIFF_ROWS = 500;

const UNKNOWN = 'This event cannot be read, so what it changed is not known. Its stored text is in the inspector.';

/** The changes that the event at the cursor made to the state, path by path. */
export function DiffView() {
  const diff = useRunState((state) => state.frame?.slices.diff);
  const isUnreadable = useRunState((state) => state.frame?.slices.event?.unreadable != null);
  if (diff === undefined) return <div className="empty">Reading…</div>;
  if (diff.total === 0) return <div className="empty">{isUnreadable ? UNKNOWN : 'This event did not change the state.'}</div>;
  return (
    <div className="diff selectable" role="list" aria-label="Changes">
      {diff.rows.map(({ kind, pointer, label, old, new: now }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two removed items of an array may have the same path, and rows never move
        <div key={`${index} ${pointer}`} role="listitem" className="diff-row" data-change={kind}>
          <span className="sign">{kind === 'added' ? '+' : kind === 'removed' ? '−' : '~'}</span>
          <bdi className="diff-path">{pointer === '' ? '(the whole state)' : label}</bdi>
          <span className="diff-values">
            {old !== null && <del className="json-old">{old}</del>}
            {old !== null && now !== null && <span className="dim"> → </span>}
            {now !== null && <ins>{now}</ins>}
          </span>
        </div>
      ))}
      {diff.coarse.map((pointer) => (
        <p key={pointer} className="dim diff-more">
          The items of <bdi className="diff-path">{pointer === '' ? 'the state' : pointer}</bdi> differ too much to match; they are compared by index.
        </p>
      ))}
      {diff.total > diff.rows.length && (
        <p className="dim diff-more">
          Showing {count(diff.rows.length)} of {count(diff.total)}
          {diff.more ? ' or more' : ''}; export the states to compare them in full.
        </p>
      )}
    </div>
  );
}
