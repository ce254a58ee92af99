import { Search } from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';

export const LANGUAGE =
  'Words are searched for in nodes, kinds and summaries; also: "quoted text", -not, OR, ( ), type:, node:, category:, error:, text:, cost>0.01, tokens>1000, duration>2s, changed:/path, after:#100, before:#100.';

/** The filter of the list, which suggests how the word at the caret may go on: the arrows choose, and Tab takes one, or Enter after an arrow. */
export function FilterField({ onLeave }: { readonly onLeave: () => void }) {
  const { source, execution, setFilter } = useRun();
  const filter = useRunState((state) => state.filter);
  const [caret, setCaret] = useState(0);
  const [isTyping, setTyping] = useState(false);
  const [chosen, setChosen] = useState(0);
  /** Whether the user has moved among the suggestions; only then does Enter take one. */
  const [hasChosen, setHasChosen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const completion = useAnswer('events.complete', isTyping && filter !== '' ? { source, execution, filter, caret: Math.min(caret, filter.length) } : undefined);
  const suggestions = completion?.suggestions ?? [];
  const at = Math.min(chosen, suggestions.length - 1);

  const take = (text: string): void => {
    if (completion === undefined) return;
    const whole = /[:>]$/.test(text) ? text : `${text} `;
    setFilter(filter.slice(0, completion.from) + whole + filter.slice(completion.to).trimStart());
    setCaret(completion.from + whole.length);
    setChosen(0);
    setHasChosen(false);
    input.current?.focus();
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (suggestions.length > 0) return setTyping(false);
      return setFilter('');
    }
    if (suggestions.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setHasChosen(true);
      setChosen((at + (event.key === 'ArrowDown' ? 1 : -1) + suggestions.length) % suggestions.length);
    } else if (event.key === 'Enter' && hasChosen && suggestions[at] !== undefined) {
      event.preventDefault();
      take(suggestions[at].text);
    } else if (event.key === 'Tab' && !event.shiftKey && suggestions[at] !== undefined) {
      event.preventDefault();
      take(suggestions[at].text);
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      setTyping(false);
      onLeave();
    }
  };
  return (
    <div className="filter-field grow">
      <label className="field">
        <Search size={12} aria-hidden="true" className="dim" />
        <input
          ref={input}
          data-filter
          aria-label="Filter events"
          aria-controls={suggestions.length > 0 ? id : undefined}
          aria-activedescendant={suggestions.length > 0 ? `${id}-${at}` : undefined}
          placeholder="timeout -node:search cost>0.01"
          title={LANGUAGE}
          value={filter}
          maxLength={500}
          onChange={(event) => {
            setFilter(event.target.value);
            setCaret(event.target.selectionStart ?? event.target.value.length);
            setTyping(true);
            setChosen(0);
            setHasChosen(false);
          }}
          onBlur={() => setTyping(false)}
          onKeyDown={keys}
        />
      </label>
      {suggestions.length > 0 && (
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
      )}
    </div>
  );
}

/** The filter with the part that is wrong underlined. */
export function WrongFilter({ filter, at }: { readonly filter: string; readonly at: readonly [number, number] | undefined }) {
  if (at === undefined) return null;
  const [start, end] = at;
  return (
    <p className="wrong-filter">
      {filter.slice(0, start)}
      <mark>{filter.slice(start, end)}</mark>
      {filter.slice(end)}
    </p>
  );
}
