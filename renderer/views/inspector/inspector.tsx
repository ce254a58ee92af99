import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Frame } from '../../../core/contract/frame.ts';
import type { EventDetail, EventField } from '../../../core/contract/slices/event.ts';
import { visible, visibleLines } from '../../../core/visible.ts';
import { SNAPSHOT_VERDICTS, TERMINAL_STATUSES } from '../../../core/vocabulary.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { CategoryMark } from '../../widgets/category-mark.tsx';
import { bytes, count, distance, plural, words } from '../../widgets/format.ts';
import { useTimes } from '../../widgets/times.ts';
import { APPROVAL_KINDS, Dossier } from './dossier.tsx';
import './inspector.css';

/** The event at the cursor, and what a restart would do here. */
export function Inspector() {
  const frame = useRunState((state) => state.frame);
  const event = frame?.slices.event;
  return (
    <section className="inspector" aria-label="Inspector">
      <div className="inspector-body selectable" tabIndex={0} role="group" aria-label="Event">
        {frame !== undefined && event === null && <NoEvent frame={frame} />}
        {event != null && <Detail event={event} />}
        {frame !== undefined && <Restart frame={frame} />}
      </div>
    </section>
  );
}

function NoEvent({ frame }: { readonly frame: Frame }) {
  return (
    <div className="inspector-head">
      <h3>{frame.sequence === 0 ? 'Before the first event' : `Event #${frame.sequence} is missing`}</h3>
      <p>
        {frame.sequence === 0
          ? 'The state is the initial input of the execution.'
          : 'The log has a gap here. From here on, the state may lack the changes of the missing events.'}
      </p>
    </div>
  );
}

/** The title of an event, which depends on its kind. */
function headline({ type, node, summary, fields }: EventDetail): string {
  const text = (name: string): string => fields.find((field) => field.name === name)?.text ?? '';
  switch (type) {
    case 'approval_received':
      return `${node ?? ''} ${text('decision')} by ${text('user_id')}`;
    case 'node_failed':
    case 'workflow_failed':
      return text('error');
    case 'unreadable':
      return 'This event cannot be read';
    default:
      return node === null ? `${words(type)}${summary === '' ? '' : `: ${summary}`}` : `${node} ${words(type.replace(/^node_/, ''))}`;
  }
}

/** Fields that are shown as JSON in a card of their own. */
const VALUES: ReadonlySet<string> = new Set([
  'state_patch',
  'final_state',
  'initial_input',
  'output',
  'context',
  'payload',
  'state_for_review',
  'config',
  'result',
  'partial_output',
  'provenance',
]);
const LABELS: Readonly<Record<string, string>> = {
  state_patch: 'Patch to the state',
  final_state: 'Final state (replaces the state)',
  initial_input: 'Initial input',
  node_id: 'Node',
  user_id: 'By',
  worker_id: 'Worker',
  queue_type: 'Queue',
  duration_ms: 'Duration',
  gen_ai_system: 'Provider',
  gen_ai_model: 'Model',
  input_tokens: 'Tokens in',
  output_tokens: 'Tokens out',
  idempotency_key: 'Idempotency key',
};

/** An event in full: what happened, its fields, and its stored text. */
export function Detail({ event }: { readonly event: EventDetail }) {
  const times = useTimes();
  const start = useRunState((state) => state.view.startedAt);
  const { copyText } = useApp();
  const { moveTo, readEvent } = useRun();
  const title = headline(event);
  // The node and an error are in the title.
  const facts = event.fields.filter(
    ({ name, type, text }) => !VALUES.has(name) && type !== 'object' && name !== 'node_id' && !(name === 'error' && text === title),
  );
  const values = event.fields.filter(({ name, type, text }) => (VALUES.has(name) || type === 'object') && !(type === 'null' || text === '{}'));
  return (
    <>
      <div className="inspector-head">
        <h3 className={event.severity === 'error' ? 'is-error' : undefined}>
          <bdi>{visible(title)}</bdi>
        </h3>
        <p>
          <CategoryMark category={event.category} /> {event.type}
          {event.category === 'unknown' && event.unreadable === null && <span className="chip warn">unknown kind</span>} ·{' '}
          <time title={`${times.tip(event.createdAt, { start })} · stored as ${event.createdAt}`}>
            {times.shown(event.createdAt, { start, sincePrevious: event.sincePrevious, exact: true })}
          </time>
          {event.sincePrevious !== null && times.choice.form !== 'previous' && <span className="dim since"> · {distance(event.sincePrevious)}</span>}
        </p>
      </div>
      {event.unreadable !== null && <p className="inspector-note error">{event.unreadable}. Its stored text is below; the state from here on is incomplete.</p>}
      {event.objections.length > 0 && event.category !== 'unknown' && (
        <p className="inspector-note">The runtime would refuse this execution: {event.objections.join('; ')}.</p>
      )}
      <dl className="facts">
        {facts.map((field) => (
          <Fact key={field.name} field={field} />
        ))}
        {event.links.map(({ label, sequence, text }) => (
          <Entry key={label} label={label}>
            <button type="button" className="link" onClick={() => moveTo(sequence, { jump: true })}>
              #{sequence} {text}
            </button>
          </Entry>
        ))}
      </dl>
      {APPROVAL_KINDS.has(event.type) && <Dossier sequence={event.sequence} />}
      {values.map((field) => (
        <Value key={field.name} sequence={event.sequence} field={field} />
      ))}
      <details className="raw">
        <summary>
          <ChevronRight size={12} aria-hidden="true" /> Stored text · {bytes(event.bytes)}
        </summary>
        <pre className="card" tabIndex={0}>
          {visibleLines(event.text)}
        </pre>
        {event.bytes > 65_536 && <p className="dim">Showing the first 64 KB; read it to see all of it.</p>}
        <button type="button" className="button" onClick={() => readEvent(event.sequence)}>
          Read
        </button>
        <button type="button" className="button" onClick={() => void copyText(event.text, 'Event')}>
          Copy
        </button>
      </details>
    </>
  );
}

/** Fields whose value is the id of another execution of the source. */
const EXECUTIONS: ReadonlySet<string> = new Set(['next_execution_id', 'child_execution_id']);

function Fact({ field: { name, type, text, rounded } }: { readonly field: EventField }) {
  const { navigation } = useApp();
  const label = LABELS[name] ?? words(name).replace(/^./, (letter) => letter.toUpperCase());
  const shown = type === 'null' ? '–' : name === 'duration_ms' || name === 'delay_ms' || name === 'latency_ms' ? `${count(Number(text))} ms` : text;
  if (EXECUTIONS.has(name) && type === 'string') {
    return (
      <Entry label={label}>
        <button type="button" className="link" onClick={() => void navigation.enterExecution(text, 0)}>
          {text}
        </button>
      </Entry>
    );
  }
  return (
    <Entry label={label}>
      <bdi className={name === 'decision' ? `decision-${text}` : type === 'number' ? 'number' : undefined}>{visible(shown)}</bdi>
      {rounded !== null && (
        <span className="dim" title="The runtime's JSON reader is not exact and reads this number as another one.">
          {' '}
          (the runtime reads {rounded})
        </span>
      )}
    </Entry>
  );
}

function Entry({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Value({ sequence, field: { name, text, cut, artifact } }: { readonly sequence: number; readonly field: EventField }) {
  const { readEvent, readArtifact } = useRun();
  return (
    <>
      <h4>{LABELS[name] ?? words(name).replace(/^./, (letter) => letter.toUpperCase())}</h4>
      <pre className="card" tabIndex={0}>
        {visibleLines(text)}
      </pre>
      {artifact !== undefined && (
        <button type="button" className="link card-link" onClick={() => readArtifact(artifact)}>
          Read the artifact, {bytes(artifact.size)}
        </button>
      )}
      {artifact === undefined && (cut || text.length > 300) && (
        <button type="button" className="link card-link" onClick={() => readEvent(sequence, name)}>
          {cut ? 'Cut here; read the whole text' : 'Read it in full size'}
        </button>
      )}
    </>
  );
}

/** A run with one of these statuses is not continued. */
const ENDED: ReadonlySet<string> = new Set(TERMINAL_STATUSES);

function Restart({ frame }: { readonly frame: Frame }) {
  const { moveTo } = useRun();
  const { recovery, nodes } = frame.slices;
  if (recovery === undefined || nodes === undefined) return null;
  const { active } = nodes;
  const outcome =
    recovery.refused !== null
      ? `Nothing: the runtime would refuse this execution because ${recovery.refused}.`
      : frame.status !== null && ENDED.has(frame.status)
        ? `Nothing: the run has ended here (${words(frame.status)}).`
        : undefined;
  const verdict = SNAPSHOT_VERDICTS[recovery.verdict];
  return (
    <div className="restart">
      <h4>What a restart would do here</h4>
      <dl className="facts">
        <Entry label="Base">
          {recovery.base === null ? (
            'the initial input; there is no earlier snapshot'
          ) : (
            <>
              <button type="button" className="link" onClick={() => moveTo(recovery.base ?? 0, { jump: true })}>
                snapshot #{recovery.base}
              </button>{' '}
              <span data-verdict={recovery.verdict} className="verdict">
                {verdict.sign} {verdict.words}
              </span>
            </>
          )}
        </Entry>
        {outcome !== undefined && <Entry label="Runs">{outcome}</Entry>}
        {recovery.refused === null && <Entry label="Replays">{plural(recovery.replays, 'event')}</Entry>}
        {outcome === undefined && <Entry label="Active">{active.length === 0 ? 'no node' : active.join(', ')}</Entry>}
        {recovery.differences !== null && recovery.differences.length > 0 && (
          <Entry label="Differs">
            <ul>
              {recovery.differences.map((difference) => (
                <li key={difference}>{difference}</li>
              ))}
            </ul>
          </Entry>
        )}
      </dl>
    </div>
  );
}
