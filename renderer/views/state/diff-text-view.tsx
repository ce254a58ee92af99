import { useRunState } from '../../state/context.ts';
import { count } from '../../widgets/format.ts';
import { useLineWindow } from './line-window.ts';
import { NoChanges } from './no-changes.tsx';

const CHANGES = { '-': 'removed', '+': 'added', '@': undefined, ' ': undefined } as const;

/** The changes as a unified diff of the texts of the two states. */
export function DiffTextView() {
  const diff = useRunState((state) => state.frame?.slices.diffText);
  const { scroller, virtual, items } = useLineWindow('diff-text', diff?.total ?? 0);
  if (diff?.total === 0) return <NoChanges />;
  return (
    <>
      <div className="json-scroll diff-text selectable" ref={scroller} role="region" aria-label="Diff as text" tabIndex={0}>
        {diff === undefined ? (
          <div className="empty">Reading…</div>
        ) : (
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {items.map(({ index, start }) => {
              const line = diff.lines[index - diff.from];
              return (
                <div
                  key={index}
                  className="json-line"
                  data-change={line && CHANGES[line.op]}
                  data-hunk={line?.op === '@' || undefined}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <code>{line === undefined ? '' : line.op === '@' ? line.text : line.op + line.text}</code>
                </div>
              );
            })}
          </div>
        )}
      </div>
      {diff?.more === true && <p className="dim diff-more">Showing the first {count(diff.total)} lines; export the changes to have them all.</p>}
    </>
  );
}
