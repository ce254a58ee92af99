import { type FormEvent, useState } from 'react';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { count } from '../../widgets/format.ts';
import { typedSequence } from '../../widgets/sequence-text.ts';
import './palette.css';

export function GoDialog() {
  const { navigation } = useApp();
  const { moveTo } = useRun();
  const last = useRunState((state) => state.frame?.lastSequence ?? state.view.lastSequence);
  const [text, setText] = useState('');
  const { sequence, problem } = typedSequence(text, last);
  const go = (event: FormEvent): void => {
    event.preventDefault();
    if (sequence === undefined) return;
    navigation.setDialog(undefined);
    moveTo(sequence, { jump: true });
  };
  return (
    <Dialog title="Go to sequence">
      <form className="dialog-body" onSubmit={go}>
        <div className="go-form">
          <label className="field grow">
            <span className="dim">#</span>
            <input
              aria-label="Sequence"
              inputMode="numeric"
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder={`0 to ${count(last)}`}
              autoFocus
            />
          </label>
          <button type="submit" className="button primary" disabled={sequence === undefined}>
            Go
          </button>
        </div>
        <p className="dim" role="status" aria-label="Go to">
          {(text !== '' && problem) || '0 is before the first event.'}
        </p>
      </form>
    </Dialog>
  );
}
