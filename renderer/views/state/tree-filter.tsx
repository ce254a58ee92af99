import { Search } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { TreeRow } from '../../../core/contract/slices/tree.ts';
import type { FoundInState } from '../../../core/contract/values.ts';
import type { Fault } from '../../../core/fault.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { useResting } from '../../state/resting.ts';
import { count, plural } from '../../widgets/format.ts';

interface Found {
  readonly text: string;
  /** undefined until the first answer arrives. */
  readonly rows: { readonly from: number; readonly total: number; readonly rows: readonly TreeRow[] } | undefined;
  readonly answer: FoundInState | undefined;
  /** Whether the answer is to an earlier moment or text. */
  readonly isOutdated: boolean;
  readonly fault: Fault | undefined;
}

/** How long the user must not have typed before the state is searched, in milliseconds. */
const REST = 80;

/** The rows of the state on screen that the filter of the tree matches; undefined without one. The engine looks through the whole state. */
export function useFound(rows: number): Found | undefined {
  const { source, execution } = useRun();
  const text = useRunState((state) => state.treeFilter);
  const rested = useResting(text, REST);
  const sequence = useRunState((state) => state.frame?.sequence);
  const reading = useRunState((state) => state.frame?.reading);
  const from = useRunState((state) => state.scrolled['found'] ?? 0);
  const isReady = rested !== undefined && rested !== '' && sequence !== undefined && reading !== undefined;
  const params = isReady ? { source, execution, sequence, reading, text: rested, from, count: rows } : undefined;
  const { answer, fault } = useAnswerOrFault('values.find', params, { keep: true });
  if (text === '') return undefined;
  return { text, rows: answer, answer, isOutdated: answer?.sequence !== sequence || answer?.reading !== reading || answer?.text !== text, fault };
}

interface TreeFilterProps {
  readonly found: Found | undefined;
  /** Goes to the next match, or to the previous one. */
  readonly onWalk: (by: 1 | -1) => void;
}

export function TreeFilter({ found, onWalk }: TreeFilterProps) {
  const { setTreeFilter } = useRun();
  const text = useRunState((state) => state.treeFilter);
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') onWalk(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') setTreeFilter('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="tree-filter">
      <label className="field grow">
        <Search size={12} aria-hidden="true" className="dim" />
        <input
          data-find
          aria-label="Filter the state"
          placeholder="key, value or /path"
          title="Shows what contains this. Enter goes to the next match, Shift Enter to the previous one, Escape shows everything."
          value={text}
          maxLength={1000}
          onChange={(event) => setTreeFilter(event.target.value)}
          onKeyDown={keys}
        />
      </label>
      <span role="status" aria-label="Found in the state" className="dim">
        {found === undefined ? '' : found.answer === undefined || found.isOutdated ? 'searching…' : matchesText(found.answer)}
      </span>
    </div>
  );
}

function matchesText({ matches, matchRows }: FoundInState): string {
  const total = plural(matches, 'match', 'matches');
  return matches > matchRows.length ? `${total}, showing ${count(matchRows.length)}` : total;
}
