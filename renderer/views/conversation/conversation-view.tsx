import { ChevronLeft, ChevronRight, Copy } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import type { AnswerView, BoundedText, MessageView, SentView, ToolCallView } from '../../../core/contract/explain.ts';
import { noRequestText } from '../../../core/explain/no-request.ts';
import { explain } from '../../../core/fault.ts';
import { visible, visibleLines } from '../../../core/visible.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { useResting } from '../../state/resting.ts';
import { count, plural, span, words } from '../../widgets/format.ts';
import { InertMarkdown, isMarkdown } from '../reader/markdown.tsx';
import './conversation.css';

/** How long the cursor must rest before another call is requested, in milliseconds. */
const REST = 60;
const PAGE = 200;
/** Fewer messages that are as before are not folded. */
const MIN_FOLDED = 3;
/** How much of a text is shown until it is unfolded, in characters and lines. */
const SHORT = 1200;
const SHORT_LINES = 14;

/** What a model was sent by the call that started last at or before the cursor, and what it answered. */
export function ConversationView() {
  const { source, execution } = useRun();
  const sequence = useRunState((state) => state.sequence);
  const last = useRef<{ readonly sequence: number; readonly sent: SentView } | undefined>(undefined);
  // Between two starts there is nothing else to show.
  const known = last.current;
  const isSame = known !== undefined && known.sent.started <= sequence && (known.sent.next === null || sequence < known.sent.next);
  const rested = useResting(isSame ? known.sequence : sequence, REST);
  const [page, setPage] = useState<{ readonly started: number; readonly from: number }>();
  const from = page !== undefined && page.started === known?.sent.started && isSame ? page.from : undefined;
  const { answer, fault } = useAnswerOrFault(
    'explain.sent',
    rested === undefined ? undefined : { source, execution, sequence: rested, count: PAGE, ...(from === undefined ? {} : { from }) },
    { keep: true },
  );
  if (answer === undefined) return <div className="empty">{fault === undefined ? 'Reading…' : explain(fault)}</div>;
  if (answer === null) return <div className="empty">No model was started at or before #{sequence}.</div>;
  if (rested !== undefined && answer.started <= rested) last.current = { sequence: rested, sent: answer };
  return <Conversation key={answer.started} sent={answer} onPage={(first) => setPage({ started: answer.started, from: first })} />;
}

interface ConversationProps {
  readonly sent: SentView;
  readonly onPage: (from: number) => void;
}

function Conversation({ sent, onPage }: ConversationProps) {
  const [isRendered, setRendered] = useState(false);
  const [isUnfolded, setUnfolded] = useState(false);
  const { messages, from, total } = sent;
  const folded = isUnfolded ? [] : foldedOf(messages);
  const [first] = folded;
  return (
    <div className="conversation">
      <Head sent={sent} isRendered={isRendered} onRender={setRendered} />
      <div className="conversation-list selectable" role="region" aria-label="What the model was sent" tabIndex={0}>
        {sent.incompleteFrom !== null && (
          <p className="conversation-note warning">From #{sent.incompleteFrom} on, the log is incomplete: something may be missing here.</p>
        )}
        {sent.finding !== null && <p className="conversation-note warning">{sent.finding.detail}</p>}
        {sent.whyNone !== null && (
          <p className="conversation-note">
            <bdi>{noRequestText(sent.whyNone)}</bdi>
          </p>
        )}
        {from > 0 && (
          <button type="button" className="link conversation-fold" onClick={() => onPage(Math.max(0, from - PAGE))}>
            {plural(from, 'earlier message')}
          </button>
        )}
        {messages.map((message) =>
          first !== undefined && message.index === first.index ? (
            <button key={message.index} type="button" className="link conversation-fold" aria-expanded={false} onClick={() => setUnfolded(true)}>
              {plural(folded.length, 'message')} as before <ChevronRight size={12} aria-hidden="true" />
            </button>
          ) : folded.includes(message) ? null : (
            <Message key={message.index} message={message} sent={sent} isRendered={isRendered} />
          ),
        )}
        {from + messages.length < total && (
          <button type="button" className="link conversation-fold" onClick={() => onPage(from + PAGE)}>
            {plural(total - from - messages.length, 'later message')}
          </button>
        )}
        <Answer answer={sent.answer} isRendered={isRendered} />
        <Notes title="In the state, but not sent" notes={sent.notSent} />
        <Notes title="Sent, though not in the state" notes={sent.onlySent} />
      </div>
    </div>
  );
}

/** The messages in the middle that the call before had, too. The first ones and the last one of them stay. */
function foldedOf(messages: readonly MessageView[]): readonly MessageView[] {
  const firstNew = messages.findIndex(({ isNew }) => isNew);
  const start = messages.findLastIndex(({ role, isNew }, i) => i < 4 && !isNew && role !== 'assistant') + 1;
  const middle = messages.slice(start, Math.max(start, firstNew));
  return firstNew < 0 || middle.length < MIN_FOLDED || middle.some(({ isNew }) => isNew) ? [] : middle;
}

interface HeadProps {
  readonly sent: SentView;
  readonly isRendered: boolean;
  readonly onRender: (isRendered: boolean) => void;
}

function Head({ sent, isRendered, onRender }: HeadProps) {
  const { client, copyText } = useApp();
  const { source, execution, moveTo } = useRun();
  const { call, calls, previous, next, model, settings, tools, total, added, turn, node, attempt, started } = sent;
  const copy = async (): Promise<void> => {
    const result = await client.ask('explain.sentText', { source, execution, sequence: started });
    if (result.ok) await copyText(result.value.text, 'Request');
  };
  const step = (to: number | null, label: string, icon: ReactNode): ReactNode => (
    <button type="button" className="icon-button" aria-label={label} title={label} disabled={to === null} onClick={() => moveTo(to ?? started, { jump: true })}>
      {icon}
    </button>
  );
  return (
    <div className="bar conversation-head">
      <h3>{turn === null ? <bdi>{visible(node)}</bdi> : `Turn ${turn}`}</h3>
      <span>
        call {count(call)} of {count(calls)}
        {attempt > 1 && `, attempt ${attempt}`}
      </span>
      {step(previous, 'The call before', <ChevronLeft size={13} aria-hidden="true" />)}
      {step(next, 'The next call', <ChevronRight size={13} aria-hidden="true" />)}
      <span className="grow" />
      {model !== null && <bdi className="chip">{visible(model)}</bdi>}
      {settings.map((setting) => (
        <span key={setting} className="chip">
          {setting}
        </span>
      ))}
      {sent.whyNone === null && <span className="chip">{plural(total, 'message')}</span>}
      {tools.length > 0 && (
        <span className="chip" title={visible(tools.join(', '))}>
          {plural(tools.length, 'tool')}
        </span>
      )}
      {added > 0 && <span className="chip added">{count(added)} new</span>}
      <label className="check">
        <input type="checkbox" checked={isRendered} onChange={(event) => onRender(event.target.checked)} /> Markdown
      </label>
      <button
        type="button"
        className="icon-button"
        aria-label="Copy the request"
        title="Copy the request as JSON"
        disabled={sent.whyNone !== null}
        onClick={() => void copy()}
      >
        <Copy size={13} aria-hidden="true" />
      </button>
    </div>
  );
}

interface MessageProps {
  readonly message: MessageView;
  readonly sent: SentView;
  readonly isRendered: boolean;
}

function Message({ message, sent, isRendered }: MessageProps) {
  const { moveTo, readMessage } = useRun();
  const { role, stateRole, content, isNew, from, writer, toolCalls } = message;
  return (
    <article className="message" data-role={role} data-new={isNew} aria-label={`Message ${message.index + 1}, ${role}${isNew ? ', new' : ''}`}>
      <header>
        <b>{stateRole === null ? words(role) : `${words(visible(stateRole))} → ${role}`}</b>
        <span className="dim">
          {from === 'definition' ? 'from the definition' : from === 'payload' ? 'from the work item' : stateRole === null ? '' : `sent as ${role}`}
        </span>
      </header>
      <div className="message-body">
        <Text content={content} isRendered={isRendered} onRead={() => readMessage(sent.started, message.index)} />
        <ToolCalls calls={toolCalls} note="in the state, not sent" />
      </div>
      <span className="message-writer">
        {isNew && <span className="chip added">new</span>}
        {writer !== null && (
          <button type="button" className="link" title="The event that wrote it" onClick={() => moveTo(writer, { jump: true })}>
            #{writer}
          </button>
        )}
      </span>
    </article>
  );
}

interface TextProps {
  readonly content: BoundedText;
  readonly isRendered: boolean;
  /** Reads a text that is too long to be shown here. */
  readonly onRead?: () => void;
}

/** A text with its line breaks; what is not seen is escaped. A long one is folded. */
function Text({ content: { text, length }, isRendered, onRead }: TextProps) {
  const [isOpen, setOpen] = useState(false);
  if (length === 0) return <p className="dim">(empty)</p>;
  const lines = text.split('\n');
  const isLong = text.length > SHORT || lines.length > SHORT_LINES;
  const shown = isLong && !isOpen ? lines.slice(0, SHORT_LINES).join('\n').slice(0, SHORT) : text;
  return (
    <>
      {isRendered && isMarkdown(shown) ? (
        <div className="reader-markdown message-markdown">
          <InertMarkdown text={visibleLines(shown)} />
        </div>
      ) : (
        <bdi className="message-text">{visibleLines(shown)}</bdi>
      )}
      {(isLong || text.length < length) && (
        <p>
          {isLong && (
            <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? 'Show less' : `Show ${text.length < length ? `the first ${count(text.length)}` : `all ${count(length)}`} characters`}
            </button>
          )}{' '}
          {text.length < length && onRead !== undefined && (
            <button type="button" className="link" onClick={onRead}>
              Read all {count(length)} characters
            </button>
          )}
        </p>
      )}
    </>
  );
}

/** How much of the arguments of a call is shown until they are unfolded, in characters. */
const SHORT_ARGUMENTS = 240;

function ToolCalls({ calls, note }: { readonly calls: readonly ToolCallView[]; readonly note?: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: ids may be missing or occur twice
  return calls.map((call, i) => <ToolCall key={i} call={call} note={note} />);
}

function ToolCall({ call: { id, name, arguments: given }, note }: { readonly call: ToolCallView; readonly note: string | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const isLong = given.text.length > SHORT_ARGUMENTS;
  const shown = isLong && !isOpen ? given.text.slice(0, SHORT_ARGUMENTS) : given.text;
  return (
    <p className="tool-call" data-unsent={note !== undefined} title={id === null ? undefined : visible(id)}>
      <bdi>
        {visible(name ?? '(no name)')}({visible(shown)}
        {shown.length < given.length ? '…' : ''})
      </bdi>
      {isLong && (
        <>
          {' '}
          <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'less' : `${count(given.length)} characters`}
          </button>
        </>
      )}
      {note !== undefined && <span className="dim"> · {note}</span>}
    </p>
  );
}

function Answer({ answer, isRendered }: { readonly answer: AnswerView | null; readonly isRendered: boolean }) {
  const { moveTo } = useRun();
  if (answer === null) return <section className="answer dim">It has not been answered.</section>;
  const { sequence, type, content, toolCalls, finishReason, inputTokens, outputTokens, duration, error, retryAfter } = answer;
  const isAnswered = type === 'node_completed';
  return (
    <section className="answer" data-failed={!isAnswered} aria-label="Answer">
      <header className="dim">
        <b>{isAnswered ? 'Answer' : words(type)}</b>{' '}
        <button type="button" className="link" onClick={() => moveTo(sequence, { jump: true })}>
          #{sequence}
        </button>
        {finishReason !== null && ` · ${visible(finishReason)}`}
        {inputTokens !== null && ` · ${count(inputTokens)} → ${count(outputTokens ?? 0)} tokens`}
        {duration !== null && ` · ${span(duration)}`}
      </header>
      {error !== null && (
        <p className="answer-error">
          <bdi>{visible(error)}</bdi>
        </p>
      )}
      {retryAfter !== null && <p>Rate limited; it is sent again after {visible(retryAfter)}.</p>}
      {content !== null && (content.length > 0 || toolCalls.length === 0) && <Text content={content} isRendered={isRendered} />}
      <ToolCalls calls={toolCalls} />
    </section>
  );
}

function Notes({ title, notes }: { readonly title: string; readonly notes: SentView['notSent'] }) {
  const { moveTo } = useRun();
  if (notes.length === 0) return null;
  return (
    <section className="sent-notes" aria-label={title}>
      <h4>{title}</h4>
      <ul>
        {notes.map(({ kind, detail, sequence, values }) => (
          <li key={kind}>
            <bdi>{visible(detail)}</bdi>
            {sequence !== null && (
              <>
                {' '}
                <button type="button" className="link" onClick={() => moveTo(sequence, { jump: true })}>
                  Show #{sequence}
                </button>
              </>
            )}
            {values.length > 0 && <Values values={values} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The values that a note is about. Each leads to where it is in the state. */
function Values({ values }: Pick<SentView['notSent'][number], 'values'>) {
  const { reveal } = useRun();
  return (
    <details className="note-values">
      <summary className="link">Show {values.length === 1 ? 'it' : `all ${count(values.length)}`}</summary>
      <ul aria-label="Values">
        {values.map(({ label, pointer }) => (
          <li key={pointer}>
            <button type="button" className="link" title="Shows it in the state" onClick={() => reveal(pointer)}>
              <bdi>{visible(label)}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
