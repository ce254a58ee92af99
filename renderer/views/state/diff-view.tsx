import type { DiffRows } from '../../../core/contract/slices/diff.ts';
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
      {diff.rows.map(({ kind, pointer, label, old, new: now, parts }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two removed items of an array may have the same path, and rows never move
        <div key={`${index} ${pointer}`} role="listitem" className="diff-row" data-change={kind}>
          <span className="sign">{kind === 'added' ? '+' : kind === 'removed' ? '−' : '~'}</span>
          <bdi className="diff-path">{pointer === '' ? '(the whole state)' : label}</bdi>
          <span className="diff-values">{parts === null ? <Values old={old} now={now} /> : <Words parts={parts} />}</span>
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

function Values({ old, now }: { readonly old: string | null; readonly now: string | null }) {
  return (
    <>
      {old !== null && <del className="json-old">{old}</del>}
      {old !== null && now !== null && <span className="dim"> → </span>}
      {now !== null && <ins>{now}</ins>}
    </>
  );
}

/** A changed text, with its old and new words in place. */
function Words({ parts }: { readonly parts: NonNullable<DiffRows['rows'][number]['parts']> }) {
  return parts.map(({ op, text }, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts never move
    if (op === 'same') return <span key={index}>{text}</span>;
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts never move
    return op === 'removed' ? <del key={index}>{text}</del> : <ins key={index}>{text}</ins>;
  });
}
