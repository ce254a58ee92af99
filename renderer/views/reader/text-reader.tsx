import { useVirtualizer } from '@tanstack/react-virtual';
import { Copy } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { ArtifactText } from '../../../core/contract/values.ts';
import { explain } from '../../../core/fault.ts';
import { visible } from '../../../core/visible.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import type { Artifact, ReaderSubject } from '../../state/run-state.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { bytes, count, plural } from '../../widgets/format.ts';
import { PlaceSteps } from '../../widgets/place-steps.tsx';
import { isMarkdown, MarkdownText } from './markdown.tsx';
import { MAX_FOUND, type Passage, passageAt, passagesOf, placesOf } from './passages.ts';
import './text-reader.css';

const LINE = 20;

/** The whole text of a value, wrapped and searchable. Only the lines on screen exist as elements. */
function TextReader({ subject }: { readonly subject: ReaderSubject }) {
  const { copyText } = useApp();
  const { closeReader } = useRun();
  const { text, fault, note } = useText(subject);
  const [wrap, setWrap] = useState(true);
  const [isRendered, setRendered] = useState(false);
  const [sought, setSought] = useState('');
  const [found, setFound] = useState(0);
  const passages = useMemo(() => passagesOf(text ?? ''), [text]);
  const places = useMemo(() => placesOf(text ?? '', sought), [text, sought]);
  const go = (by: number): void => {
    if (places.length > 0) setFound((found + by + places.length) % places.length);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    go(event.shiftKey ? -1 : 1);
  };
  return (
    <Dialog title={titleOf(subject)} wide onClose={closeReader}>
      <div className="reader-bar">
        <label className="field grow">
          <input
            aria-label="Find in the text"
            placeholder="Find in the text"
            value={sought}
            autoFocus
            onKeyDown={keys}
            onChange={(event) => {
              setSought(event.target.value);
              setFound(0);
            }}
          />
        </label>
        <span role="status" aria-label="Found" className="dim">
          {sought === '' ? '' : places.length === 0 ? 'not found' : `${count(found + 1)} of ${count(places.length)}${places.length === MAX_FOUND ? '+' : ''}`}
        </span>
        <PlaceSteps onStep={go} />
        <label className="check">
          <input type="checkbox" checked={wrap} onChange={(event) => setWrap(event.target.checked)} /> wrap
        </label>
        {isMarkdown(text ?? '') && (
          <label className="check">
            <input type="checkbox" checked={isRendered} onChange={(event) => setRendered(event.target.checked)} /> Markdown
          </label>
        )}
        <button type="button" className="button" disabled={text === undefined} onClick={() => void copyText(text ?? '', 'Text')}>
          <Copy size={12} aria-hidden="true" /> Copy
        </button>
      </div>
      {note !== undefined && (
        <p className={`reader-note${note.startsWith('⚠') ? ' warning' : ''}`} role="status" aria-label="Check of the artifact">
          {note}
        </p>
      )}
      {text === undefined ? (
        <div className="empty reader-text">{fault === undefined ? 'Reading…' : explain(fault)}</div>
      ) : isRendered && sought === '' && isMarkdown(text) ? (
        <MarkdownText text={text} />
      ) : (
        <Passages text={text} passages={passages} wrap={wrap} place={places[found]} length={sought.length} />
      )}
      <div className="dialog-foot dim">{text !== undefined && `${plural(text.length, 'character')} · ${plural(text.split('\n').length, 'line')}`}</div>
    </Dialog>
  );
}

function titleOf(subject: ReaderSubject): string {
  if (subject.kind === 'artifact') return `Artifact ${subject.artifact.hash.slice(0, 8)}…`;
  if (subject.kind === 'state')
    return `${subject.pointer === '' ? 'State' : subject.pointer} at #${subject.sequence}${subject.reading === 'replay' ? '' : `, ${subject.reading}`}`;
  if (subject.kind === 'sent') return `Message ${subject.message + 1} of the call at #${subject.sequence}`;
  return `${subject.field === undefined ? 'Stored text' : subject.field} of event #${subject.sequence}`;
}

function useText(subject: ReaderSubject) {
  const { source, execution } = useRun();
  const { sequence } = subject;
  const cursor = { source, execution, sequence };
  const value = useAnswerOrFault('values.text', subject.kind === 'state' ? { ...cursor, reading: subject.reading, pointer: subject.pointer } : undefined);
  const event = useAnswerOrFault(
    'events.text',
    subject.kind === 'event' ? { ...cursor, ...(subject.field === undefined ? {} : { field: subject.field }) } : undefined,
  );
  const artifact = useAnswerOrFault('values.artifact', subject.kind === 'artifact' ? { source, execution, hash: subject.artifact.hash } : undefined);
  const sent = useAnswerOrFault('explain.sentText', subject.kind === 'sent' ? { ...cursor, message: subject.message } : undefined);
  return {
    text: value.answer?.text ?? event.answer?.text ?? artifact.answer?.text ?? sent.answer?.text,
    fault: value.fault ?? event.fault ?? artifact.fault ?? sent.fault,
    note: subject.kind === 'artifact' && artifact.answer !== undefined ? noteOf(subject.artifact, artifact.answer) : undefined,
  };
}

/** What is known of the bytes of an artifact. */
function noteOf({ size, mediaType }: Artifact, { verdict, bytes: stored }: ArtifactText): string {
  if (verdict === 'missing') return `⚠ The database has no artifact of this name; ${bytes(size)} are lost.`;
  const length = size === stored ? bytes(size) : `${count(stored)} bytes, where the reference says ${count(size)}`;
  return `${verdict === 'sound' ? '✓ its bytes have the hash that is their name' : '⚠ its bytes do not have the hash that is their name: they were changed'} · ${length} · ${mediaType ?? 'no media type'}`;
}

interface PassagesProps {
  readonly text: string;
  readonly passages: readonly Passage[];
  readonly wrap: boolean;
  /** Where the text that is sought was found; undefined when it was not. */
  readonly place: number | undefined;
  readonly length: number;
}

function Passages({ text, passages, wrap, place, length }: PassagesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: passages.length, getScrollElement: () => scroller.current, estimateSize: () => LINE, overscan: 10 });
  useEffect(() => {
    if (place !== undefined) virtual.scrollToIndex(passageAt(passages, place), { align: 'center' });
  }, [virtual, passages, place]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: wrapped lines have other heights
  useEffect(() => virtual.measure(), [virtual, wrap]);
  return (
    <div className="reader-text selectable" data-wrap={wrap} ref={scroller} role="region" aria-label="Text" tabIndex={0}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => (
          <div
            key={key}
            data-index={index}
            ref={virtual.measureElement}
            className={`reader-line${isContinued(text, passages[index] as Passage) ? ' continued' : ''}`}
            style={{ transform: `translateY(${start}px)` }}
          >
            <bdi>{marked(text, passages[index] as Passage, place, length)}</bdi>
          </div>
        ))}
      </div>
    </div>
  );
}

/** Whether a passage goes on with the line of the one before it, because the line is too long for one row. */
function isContinued(text: string, { start }: Passage): boolean {
  return start > 0 && text[start - 1] !== '\n';
}

/** The text of a passage, with the place that was found. */
function marked(text: string, { start, end }: Passage, place: number | undefined, length: number): ReactNode {
  const part = (from: number, to: number): string => visible(text.slice(from, to));
  // An empty line has a height, too.
  if (start === end) return '\u00a0';
  if (place === undefined || place + length <= start || place >= end) return part(start, end);
  const [from, to] = [Math.max(start, place), Math.min(end, place + length)];
  return (
    <>
      {part(start, from)}
      <mark>{part(from, to)}</mark>
      {part(to, end)}
    </>
  );
}

/** The reader, while it is open. */
export function Reader() {
  const subject = useRunState((state) => state.reader);
  return subject === undefined ? null : <TextReader subject={subject} />;
}
