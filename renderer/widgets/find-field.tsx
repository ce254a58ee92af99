import type { KeyboardEvent } from 'react';
import { count } from './format.ts';
import { PlaceSteps } from './place-steps.tsx';

interface FindFieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** How many places were found; undefined while nothing is sought or known. */
  readonly total: number | undefined;
  /** The place that is shown, from 0 on. */
  readonly at: number;
  readonly onStep: (by: 1 | -1) => void;
}

/** Finds a text in a panel: Enter and Shift+Enter go from place to place, Escape clears it. Ctrl+F in the panel leads here. */
export function FindField({ label, text, onText, total, at, onStep }: FindFieldProps) {
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && text !== '') onText('');
    else if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <label className="field">
        <input type="search" data-find aria-label={label} placeholder="Find" value={text} onKeyDown={keys} onChange={(event) => onText(event.target.value)} />
      </label>
      {text !== '' && (
        <>
          <span role="status" aria-label="Found" className="dim">
            {total === undefined ? '…' : total === 0 ? 'not found' : `${count(at + 1)} of ${count(total)}`}
          </span>
          <PlaceSteps onStep={onStep} />
        </>
      )}
    </>
  );
}
