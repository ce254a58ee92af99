import type { SourceId } from '../../core/contract/cursor.ts';
import { useSources } from '../state/context.ts';
import { span } from './format.ts';

/** Says that a database is a replica, and by how much it is behind what it knows to have been written. */
export function Replica({ source }: { readonly source: SourceId }) {
  const behind = useSources((sources) => sources.behind.get(source));
  if (behind === undefined) return null;
  return (
    <span className={behind === 0 ? 'chip' : 'chip warn'} title="What is written to the primary server is shown when the replica has replayed it.">
      replica{behind === 0 ? '' : ` · ${span(behind * 1000)} behind`}
    </span>
  );
}
