import { Search } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { useSuggestions } from '../../widgets/suggestions.tsx';

export const LANGUAGE =
  'Words are searched for in nodes, kinds and summaries; also: "quoted text", -not, OR, ( ), type:, node:, category:, error:, text:, cost>0.01, tokens>1000, duration>2s, changed:/path, after:#100, before:#100.';

/** The filter of the list, which suggests how the word at the caret may go on. */
export function FilterField({ onLeave }: { readonly onLeave: () => void }) {
  const { source, execution, setFilter } = useRun();
  const filter = useRunState((state) => state.filter);
  const [caret, setCaret] = useState(0);
  const [isTyping, setTyping] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const completion = useAnswer('events.complete', isTyping && filter !== '' ? { source, execution, filter, caret: Math.min(caret, filter.length) } : undefined);
  const suggestions = useSuggestions(completion, (text, { from, to }) => {
    const whole = /[:>]$/.test(text) ? text : `${text} `;
    setFilter(filter.slice(0, from) + whole + filter.slice(to).trimStart());
    setCaret(from + whole.length);
    input.current?.focus();
  });
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (suggestions.count > 0) return setTyping(false);
      // Once more, it leaves the field.
      return filter === '' ? onLeave() : setFilter('');
    }
    if (suggestions.keys(event)) return;
    if (event.key === 'Enter' || event.key === 'ArrowDown') {
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
          {...suggestions.attributes}
          placeholder="timeout -node:search cost>0.01"
          title={LANGUAGE}
          value={filter}
          maxLength={500}
          onChange={(event) => {
            setFilter(event.target.value);
            setCaret(event.target.selectionStart ?? event.target.value.length);
            setTyping(true);
            suggestions.reset();
          }}
          onBlur={() => setTyping(false)}
          onKeyDown={keys}
        />
      </label>
      {suggestions.list}
    </div>
  );
}
