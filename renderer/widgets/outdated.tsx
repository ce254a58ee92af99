import type { SourceId } from '../../core/contract/cursor.ts';
import { useApp, useSources } from '../state/context.ts';

/** Says that others have written to a database since it was copied, and reads it again. */
export function Outdated({ source }: { readonly source: SourceId }) {
  const { navigation } = useApp();
  if (useSources(({ news }) => news.get(source)) !== 'outdated') return null;
  return (
    <button
      type="button"
      className="chip warn"
      title="It is shown as it was when it was opened. Reading it again keeps the cursors."
      onClick={() => void navigation.reload()}
    >
      the database has changed · read again
    </button>
  );
}
