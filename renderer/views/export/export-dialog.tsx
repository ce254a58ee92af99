import { useState } from 'react';
import type { Params } from '../../../core/contract.ts';
import { ask } from '../../client.ts';
import { useAnswer } from '../../state/answer.ts';
import { type Reading, useCursor } from '../../state/cursor.ts';
import { app, notice, showFault, useApp } from '../../state/session.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { bytes, count } from '../../widgets/format.ts';
import './export.css';

type What = Params<'export.preview'>['what'];

const CHOICES: readonly (readonly [what: What, label: string, says: string])[] = [
  ['materialized', 'Recovered state', 'state, status, nodes and their outputs'],
  ['current_state', 'Current state only', 'the workflow’s own JSON'],
  ['events', 'Events up to here', 'one JSON line each, as stored'],
];

/** One preview, one button. */
export function ExportDialog() {
  const execution = useCursor((state) => state.view?.id);
  const sequence = useCursor((state) => state.sequence);
  const cursorReading = useCursor((state) => state.reading);
  const [what, setWhat] = useState<What>('materialized');
  const [style, setStyle] = useState<'pretty' | 'canonical'>('pretty');
  const [reading, setReading] = useState(cursorReading);
  const [busy, setBusy] = useState(false);
  const request = execution === undefined ? undefined : { execution, sequence, what, reading, style };
  const progress = useApp((state) => state.exporting);
  const preview = useAnswer('export.preview', request);
  if (request === undefined) return null;

  const send = async (to: 'export.save' | 'export.copy'): Promise<void> => {
    setBusy(true);
    app.setState({ exporting: undefined });
    const result = await ask(to, request);
    setBusy(false);
    if (!result.ok) {
      app.setState({ dialog: undefined });
      showFault(result.fault);
    } else if (result.value !== null) {
      app.setState({ dialog: undefined });
      notice(to === 'export.copy' ? `${bytes(result.value.bytes)} copied` : `${bytes(result.value.bytes)} written to ${result.value.path}`);
    }
  };
  return (
    <Dialog title="Export" wide>
      <div className="dialog-body">
        <div className="export-choices" role="radiogroup" aria-label="What">
          {CHOICES.map(([value, label, says]) => (
            <label key={value} className={`export-choice${what === value ? ' on' : ''}`}>
              <input type="radio" name="what" checked={what === value} onChange={() => setWhat(value)} />
              <span>
                <b>{label}</b>
                <small>{says}</small>
              </span>
            </label>
          ))}
        </div>
        <div className="export-options">
          <span className="dim">at #{sequence}</span>
          {what !== 'events' && (
            <>
              <label>
                Reading{' '}
                <select aria-label="Reading of the export" value={reading} onChange={(event) => setReading(event.target.value as Reading)}>
                  <option value="replay">replay, from the first event</option>
                  <option value="recovery">recovery, as the runtime would rebuild it</option>
                  <option value="given">given, as its scheduler hands it to nodes</option>
                </select>
              </label>
              <label>
                Form{' '}
                <select aria-label="Form" value={style} onChange={(event) => setStyle(event.target.value as 'pretty' | 'canonical')}>
                  <option value="pretty">pretty</option>
                  <option value="canonical">canonical, on one line</option>
                </select>
              </label>
            </>
          )}
          <span className="grow" />
          <span className="dim">{preview === undefined ? '' : preview.bytes === null ? 'long' : bytes(preview.bytes)}</span>
        </div>
        <pre className="export-preview selectable" tabIndex={0} aria-label="Preview">
          {preview?.text ?? 'Reading…'}
          {preview !== undefined && (preview.bytes === null || preview.bytes > preview.text.length + 4096) && (
            <span className="dim">{'\n'}… the beginning; the export is whole</span>
          )}
        </pre>
      </div>
      <div className="dialog-foot">
        <span className="dim grow export-name">{preview?.fileName}</span>
        {busy && progress !== undefined && (
          <>
            <span role="status" aria-label="Export progress">
              {count(progress.done)} of {count(progress.total)}
            </span>
            <button type="button" className="button" onClick={() => void ask('task.cancel', { task: progress.task })}>
              Cancel
            </button>
          </>
        )}
        <button type="button" className="button" disabled={busy} onClick={() => void send('export.copy')}>
          Copy to the clipboard
        </button>
        <button type="button" className="button primary" disabled={busy} onClick={() => void send('export.save')}>
          {busy ? 'Writing…' : 'Save to a file…'}
        </button>
      </div>
    </Dialog>
  );
}
