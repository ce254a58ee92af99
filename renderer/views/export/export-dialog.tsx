import { useRef, useState } from 'react';
import { explain, type Fault } from '../../../core/fault.ts';
import type { ExportKind, Reading } from '../../../core/vocabulary.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useApp, useNotices, useRun, useRunState } from '../../state/context.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { bytes, count } from '../../widgets/format.ts';
import './export.css';

const CHOICES: readonly (readonly [kind: ExportKind, label: string, description: string])[] = [
  ['state', 'Full state', 'state, status, nodes and their outputs'],
  ['current_state', 'Current state only', 'the workflow’s own JSON'],
  ['events', 'Events up to here', 'one JSON line each, as stored'],
];

export function ExportDialog() {
  const { client, notices, navigation } = useApp();
  const { source, execution } = useRun();
  // The moment on screen is exported, even if the cursor has moved on.
  const sequence = useRunState((state) => state.frame?.sequence ?? state.sequence);
  const cursorReading = useRunState((state) => state.reading);
  const [kind, setKind] = useState<ExportKind>('state');
  const [style, setStyle] = useState<'pretty' | 'canonical'>('pretty');
  const [reading, setReading] = useState(cursorReading);
  const [busy, setBusy] = useState(false);
  /** Why the last attempt failed; the choices stay. */
  const [failure, setFailure] = useState<Fault>();
  const request = { source, execution, sequence, kind, reading, style };
  const exporting = useNotices((state) => state.exporting);
  /** The exports that were being written before this one was started. */
  const earlier = useRef<readonly number[]>([]);
  const progress = exporting.find(({ task }) => !earlier.current.includes(task));
  const { answer: preview, fault } = useAnswerOrFault('export.preview', request);

  const send = async (to: 'host.saveExport' | 'host.copyExport'): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    earlier.current = exporting.map(({ task }) => task);
    const result = await client.ask(to, request);
    setBusy(false);
    if (!result.ok) setFailure(result.fault.kind === 'cancelled' ? undefined : result.fault);
    else if (result.value !== null) {
      navigation.setDialog(undefined);
      notices.showNotice(to === 'host.copyExport' ? `${bytes(result.value.bytes)} copied` : `${bytes(result.value.bytes)} written to ${result.value.path}`);
    }
  };
  return (
    <Dialog title="Export" wide>
      <div className="dialog-body">
        <div className="export-choices" role="radiogroup" aria-label="What">
          {CHOICES.map(([value, label, description]) => (
            <label key={value} className={`export-choice${kind === value ? ' on' : ''}`}>
              <input type="radio" name="what" checked={kind === value} onChange={() => setKind(value)} />
              <span>
                <b>{label}</b>
                <small>{description}</small>
              </span>
            </label>
          ))}
        </div>
        <div className="export-options">
          <span className="dim">at #{sequence}</span>
          {kind !== 'events' && (
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
        {failure !== undefined && (
          <p role="alert" className="warning">
            {explain(failure)}
          </p>
        )}
        <pre className="export-preview selectable" tabIndex={0} aria-label="Preview">
          {preview?.text ?? (fault === undefined ? 'Reading…' : explain(fault))}
          {preview?.cut === true && <span className="dim">{'\n'}… the preview ends here; the export is complete</span>}
        </pre>
      </div>
      <div className="dialog-foot">
        <span className="dim grow export-name">{preview?.fileName}</span>
        {busy && progress !== undefined && (
          <>
            <span role="status" aria-label="Export progress">
              {count(progress.done)} of {count(progress.total)}
            </span>
            <button type="button" className="button" onClick={() => void client.ask('tasks.cancel', { task: progress.task })}>
              Cancel
            </button>
          </>
        )}
        <button type="button" className="button" disabled={busy || fault !== undefined} onClick={() => void send('host.copyExport')}>
          Copy to the clipboard
        </button>
        <button type="button" className="button primary" disabled={busy || fault !== undefined} onClick={() => void send('host.saveExport')}>
          {busy ? 'Writing…' : 'Save to a file…'}
        </button>
      </div>
    </Dialog>
  );
}
