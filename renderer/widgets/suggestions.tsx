import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import type { Completion } from '../../core/contract/events.ts';
import './suggestions.css';

export interface Suggestions {
  /** Handles a key of the text field: the arrows choose, and Tab takes one, or Enter after an arrow. @returns whether it did. */
  keys(event: KeyboardEvent): boolean;
  /** The user typed. */
  reset(): void;
  /** For the text field. */
  readonly attributes: { readonly 'aria-controls': string | undefined; readonly 'aria-activedescendant': string | undefined };
  readonly count: number;
  readonly list: ReactNode;
}

/** How the word at the caret of a text field may go on. @param onTake called with the one that the user takes. */
export function useSuggestions(completion: Completion | undefined, onTake: (text: string, completion: Completion) => void): Suggestions {
  const [chosen, setChosen] = useState(0);
  /** Whether the user has moved among the suggestions; only then does Enter take one. */
  const [hasChosen, setHasChosen] = useState(false);
  const id = useId();
  const suggestions = completion?.suggestions ?? [];
  const at = Math.min(chosen, suggestions.length - 1);
  const reset = (): void => {
    setChosen(0);
    setHasChosen(false);
  };
  const take = (text: string): void => {
    if (completion === undefined) return;
    reset();
    onTake(text, completion);
  };
  const keys = (event: KeyboardEvent): boolean => {
    const text = suggestions[at]?.text;
    if (text === undefined) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setHasChosen(true);
      setChosen((at + (event.key === 'ArrowDown' ? 1 : -1) + suggestions.length) % suggestions.length);
    } else if ((event.key === 'Enter' && hasChosen) || (event.key === 'Tab' && !event.shiftKey)) take(text);
    else return false;
    event.preventDefault();
    return true;
  };
  const isShown = suggestions.length > 0;
  return {
    keys,
    reset,
    count: suggestions.length,
    attributes: { 'aria-controls': isShown ? id : undefined, 'aria-activedescendant': isShown ? `${id}-${at}` : undefined },
    list: isShown && (
      <div className="suggestions" role="listbox" id={id} aria-label="Suggestions">
        {suggestions.map(({ text, about }, i) => (
          <div
            key={text}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            className="suggestion"
            onPointerDown={(event) => {
              event.preventDefault();
              take(text);
            }}
          >
            <bdi>{text}</bdi>
            <span className="dim">{i === at && about === '' ? 'Tab' : about}</span>
          </div>
        ))}
      </div>
    ),
  };
}

/** A text with the part that is wrong underlined. */
export function WrongText({ text, at }: { readonly text: string; readonly at: readonly [number, number] | undefined }) {
  if (at === undefined) return null;
  const [start, end] = at;
  return (
    <p className="wrong-text">
      {text.slice(0, start)}
      <mark>{text.slice(start, end)}</mark>
      {text.slice(end)}
    </p>
  );
}
