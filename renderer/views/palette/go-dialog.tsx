import { type FormEvent, useState } from 'react';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { count } from '../../widgets/format.ts';
import './palette.css';

export function GoDialog() {
  const { navigation } = useApp();
  const { moveTo } = useRun();
  const last = useRunState((state) => state.frame?.lastSequence ?? state.view.lastSequence);
  const [text, setText] = useState('');
  const number = /^#?(\d{1,15})$/.exec(text.trim())?.[1];
  const problem = text === '' ? '' : number === undefined ? 'A sequence is a whole number.' : Number(number) > last ? `The last event is #${count(last)}.` : '';
  const go = (event: FormEvent): void => {
    event.preventDefault();
    if (number === undefined || problem !== '') return;
    navigation.setDialog(undefined);
    moveTo(Number(number), { jump: true });
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
          <button type="submit" className="button primary" disabled={number === undefined || problem !== ''}>
            Go
          </button>
        </div>
        <p className="dim" role="status" aria-label="Go to">
          {problem || '0 is before the first event.'}
        </p>
      </form>
    </Dialog>
  );
}
