import { useRef, useState } from 'react';
import type { ExportChoice } from '../../../core/contract/export.ts';
import { explain, type Fault } from '../../../core/fault.ts';
import { EXPORTS, type ExportForm, type ExportKind, type Reading } from '../../../core/vocabulary.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useApp, useNotices, useRun, useRunState } from '../../state/context.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { bytes, count } from '../../widgets/format.ts';
import { type TypedSequence, typedSequence } from '../../widgets/sequence-text.ts';
import { SequenceField } from './sequence-field.tsx';
import './export.css';

const KINDS: Readonly<Record<ExportKind, { readonly label: string; readonly description: string }>> = {
  state: { label: 'Full state', description: 'state, status, nodes and their outputs' },
  current_state: { label: 'Current state only', description: 'the workflow’s own JSON' },
  events: { label: 'Events', description: 'as stored, or as a table' },
  diff: { label: 'Changes', description: 'between two moments' },
  tracks: { label: 'Tracks', description: 'the numbers of the timeline, after each event' },
  story: { label: 'Story', description: 'a line for each turn or step, of the whole run' },
};

const FORMS: Readonly<Record<ExportForm, string>> = {
  pretty: 'pretty',
  canonical: 'canonical, on one line',
  jsonl: 'JSON lines',
  csv: 'CSV',
  markdown: 'Markdown',
  'json-patch': 'JSON Patch',
  'merge-patch': 'merge patch',
  unified: 'unified diff',
};

export function ExportDialog() {
  const { client, notices, navigation } = useApp();
  const { source, execution } = useRun();
  // The moment on screen is exported, even if the cursor has moved on.
  const cursor = useRunState((state) => state.frame?.sequence ?? state.sequence);
  const last = useRunState((state) => Math.max(state.view.lastSequence, state.frame?.lastSequence ?? 0));
  const cursorReading = useRunState((state) => state.reading);
  const [kind, setKind] = useState<ExportKind>('state');
  const [form, setForm] = useState<ExportForm>('pretty');
  const filter = useRunState((state) => state.filter).trim();
  const tracks = useRunState((state) => state.tracks) as NonNullable<ExportChoice['tracks']>;
  const pinned = useRunState((state) => state.pinned);
  const [from, setFrom] = useState('1');
  const [against, setAgainst] = useState(String(pinned ?? Math.max(0, cursor - 1)));
  const [to, setTo] = useState(String(cursor));
  const [isFiltered, setFiltered] = useState(filter !== '');
  const [reading, setReading] = useState(cursorReading);
  const [busy, setBusy] = useState(false);
  /** Why the last attempt failed; the choices stay. */
  const [failure, setFailure] = useState<Fault>();
  const isRange = kind === 'events' || kind === 'tracks';
  const isWhole = kind === 'story';
  const start = isRange ? typedSequence(from, last) : kind === 'diff' ? typedSequence(against, last) : undefined;
  const end = isWhole ? { sequence: last } : rangeEnd(typedSequence(to, last), isRange ? start : undefined);
  const request = requestOf();
  function requestOf(): ExportChoice | undefined {
    if (start?.problem !== undefined || end.problem !== undefined) return undefined;
    const about = { source, execution, sequence: end.sequence, kind, form, reading };
    if (kind === 'diff') return { ...about, against: start?.sequence };
    if (kind === 'tracks') return { ...about, from: start?.sequence, tracks };
    return kind === 'events' ? { ...about, from: start?.sequence, ...(isFiltered && filter !== '' ? { filter } : {}) } : about;
  }
  const choose = (chosen: ExportKind): void => {
    setKind(chosen);
    setForm(EXPORTS[chosen][0]);
  };
  const exporting = useNotices((state) => state.exporting);
  /** The exports that were being written before this one was started. */
  const earlier = useRef<readonly number[]>([]);
  const progress = exporting.find(({ task }) => !earlier.current.includes(task));
  const { answer: preview, fault } = useAnswerOrFault('export.preview', request);

  const canExport = !busy && request !== undefined && fault === undefined;

  const send = async (target: 'host.saveExport' | 'host.copyExport'): Promise<void> => {
    if (request === undefined) return;
    setBusy(true);
    setFailure(undefined);
    earlier.current = exporting.map(({ task }) => task);
    const result = await client.ask(target, request);
    setBusy(false);
    if (!result.ok) setFailure(result.fault.kind === 'cancelled' ? undefined : result.fault);
    else if (result.value !== null) {
      navigation.setDialog(undefined);
      notices.showNotice(target === 'host.copyExport' ? `${bytes(result.value.bytes)} copied` : `${bytes(result.value.bytes)} written to ${result.value.path}`);
    }
  };
  return (
    <Dialog title="Export" wide>
      <div className="dialog-body">
        <div className="export-choices" role="radiogroup" aria-label="What">
          {(Object.keys(KINDS) as ExportKind[]).map((value) => (
            <label key={value} className={`export-choice${kind === value ? ' on' : ''}`}>
              <input type="radio" name="what" checked={kind === value} onChange={() => choose(value)} />
              <span>
                <b>{KINDS[value].label}</b>
                <small>{KINDS[value].description}</small>
              </span>
            </label>
          ))}
        </div>
        <div className="export-options">
          {start !== undefined && (
            <SequenceField
              label={isRange ? 'From #' : 'From the state at #'}
              text={isRange ? from : against}
              problem={start.problem}
              onText={isRange ? setFrom : setAgainst}
            />
          )}
          {!isWhole && <SequenceField label={start === undefined ? 'At #' : 'To #'} text={to} problem={end.problem} onText={setTo} />}
          {!isRange && !isWhole && (
            <label>
              Reading{' '}
              <select aria-label="Reading of the export" value={reading} onChange={(event) => setReading(event.target.value as Reading)}>
                <option value="replay">replay, from the first event</option>
                <option value="recovery">recovery, as the runtime would rebuild it</option>
                <option value="given">given, as its scheduler hands it to nodes</option>
              </select>
            </label>
          )}
          {EXPORTS[kind].length > 1 && (
            <label>
              Form{' '}
              <select aria-label="Form" value={form} onChange={(event) => setForm(event.target.value as ExportForm)}>
                {EXPORTS[kind].map((name) => (
                  <option key={name} value={name}>
                    {FORMS[name]}
                  </option>
                ))}
              </select>
            </label>
          )}
          {kind === 'events' && filter !== '' && (
            <label className="check">
              <input type="checkbox" checked={isFiltered} onChange={(event) => setFiltered(event.target.checked)} /> only those that the filter matches
            </label>
          )}
          {kind === 'tracks' && <span className="dim">{tracks.length === 0 ? 'The timeline shows no track.' : tracks.join(', ')}</span>}
          <span className="grow" />
          <span className="dim">{preview === undefined ? '' : preview.bytes === null ? 'long' : bytes(preview.bytes)}</span>
        </div>
        {failure !== undefined && (
          <p role="alert" className="warning">
            {explain(failure)}
          </p>
        )}
        <pre className="export-preview selectable" tabIndex={0} aria-label="Preview">
          {request !== undefined && (preview?.text ?? (fault === undefined ? 'Reading…' : explain(fault)))}
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
        <button type="button" className="button" disabled={!canExport} onClick={() => void send('host.copyExport')}>
          Copy to the clipboard
        </button>
        <button type="button" className="button primary" disabled={!canExport} onClick={() => void send('host.saveExport')}>
          {busy ? 'Writing…' : 'Save to a file…'}
        </button>
      </div>
    </Dialog>
  );
}

/** The end of a range, which must not be before its start. */
function rangeEnd(end: TypedSequence, start: TypedSequence | undefined): TypedSequence {
  const isBefore = end.sequence !== undefined && start?.sequence !== undefined && end.sequence < start.sequence;
  return isBefore ? { problem: 'The range ends before it starts.' } : end;
}
