import { type KeyboardEvent, useRef, useState } from 'react';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { useSuggestions } from '../../widgets/suggestions.tsx';

const EXAMPLE = 'has(state.score) && state.score > 10';
const MAX_LENGTH = 10_000;

interface ConditionFieldProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onFind: () => void;
}

/** A condition, which suggests keys of the state at the cursor, fields of events, and words of the language. */
export function ConditionField({ text, onChange, onFind }: ConditionFieldProps) {
  const { source, execution } = useRun();
  const sequence = useRunState((state) => state.sequence);
  const [caret, setCaret] = useState(0);
  const [isTyping, setTyping] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const completion = useAnswer(
    'explain.complete',
    isTyping && text !== '' ? { source, execution, sequence, condition: text, caret: Math.min(caret, text.length) } : undefined,
  );
  const suggestions = useSuggestions(completion, (taken, { from, to }) => {
    onChange(text.slice(0, from) + taken + text.slice(to));
    setCaret(from + taken.length);
    input.current?.focus();
  });
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && suggestions.count > 0) return setTyping(false);
    if (suggestions.keys(event)) return;
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    setTyping(false);
    onFind();
  };
  return (
    <div className="condition-field">
      <textarea
        ref={input}
        className="condition"
        aria-label="Condition"
        {...suggestions.attributes}
        placeholder={EXAMPLE}
        spellCheck={false}
        maxLength={MAX_LENGTH}
        value={text}
        onChange={(event) => {
          onChange(event.target.value);
          setCaret(event.target.selectionStart);
          setTyping(true);
          suggestions.reset();
        }}
        onBlur={() => setTyping(false)}
        onKeyDown={keys}
      />
      {suggestions.list}
    </div>
  );
}
