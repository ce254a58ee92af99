import type { ReactNode } from 'react';
import type { SourceId } from '../../../core/contract/cursor.ts';
import type { ReadingState } from '../../../core/contract/executions.ts';
import { useApp } from '../../state/context.ts';
import { count, plural, span } from '../../widgets/format.ts';

interface ReadingStatusProps {
  readonly source: SourceId;
  readonly what: 'causes' | 'approvals';
  readonly reading: { readonly read: number; readonly of: number; readonly unreadable: number; readonly state: ReadingState; readonly milliseconds: number };
  /** Of the progress bar. */
  readonly label: string;
  /** What is found so far. */
  readonly children: ReactNode;
}

/** How far all runs are read for a view, and how to stop that. */
export function ReadingStatus({ source, what, reading, label, children }: ReadingStatusProps) {
  const { client, queries } = useApp();
  const { read, of, unreadable, state, milliseconds } = reading;
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: [`executions.${what}`, { source }] });
  const stop = (): Promise<void> => client.ask('executions.stop', { source, what }).then(refresh);
  const again = (): Promise<void> => client.ask('executions.forget', { source, what }).then(refresh);
  return (
    <span className="selection">
      <span role="status" aria-label="Found">
        {state === 'reading' && read === 0 ? (
          'looking at the runs…'
        ) : (
          <>
            {children} ·{' '}
            {state === 'whole'
              ? `${read < of ? count(read) : `all ${count(of)}`} looked at in ${span(milliseconds)}`
              : `${count(read)} of ${count(of)} looked at${state === 'stopped' ? ', stopped' : ''}`}
          </>
        )}
      </span>
      {unreadable > 0 && <span className="warning">{plural(unreadable, 'run')} cannot be read to the end: the database is damaged</span>}
      {state === 'reading' && (
        <>
          <progress value={read} max={Math.max(1, of)} aria-label={label} />
          <button type="button" className="bar-button" onClick={() => void stop()}>
            Stop
          </button>
        </>
      )}
      {state === 'stopped' && (
        <button type="button" className="bar-button" onClick={() => void again()}>
          Read again
        </button>
      )}
    </span>
  );
}
