import { useId } from 'react';

interface SequenceFieldProps {
  readonly label: string;
  readonly text: string;
  readonly problem: string | undefined;
  readonly onText: (text: string) => void;
}

/** A sequence as it is typed, with what is wrong with it beside it. */
export function SequenceField({ label, text, problem, onText }: SequenceFieldProps) {
  const id = useId();
  const isWrong = problem !== undefined;
  return (
    <span className="export-field">
      <label>
        {label}
        <input
          inputMode="numeric"
          className="export-sequence"
          aria-label={label}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? id : undefined}
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      </label>
      {isWrong && (
        <span id={id} role="alert" className="warning">
          {problem}
        </span>
      )}
    </span>
  );
}
