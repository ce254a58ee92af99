import type { EventDetail, EventField, EventLink } from '../../contract/slices/event.ts';
import { artifactReference } from '../../jamjet/artifact.ts';
import { type Event, readEvent, runtimeObjections, summaryOf } from '../../jamjet/event.ts';
import { asRuntimeReads } from '../../jamjet/number.ts';
import type { EventRow } from '../../jamjet/rows.ts';
import { printJson } from '../../json/print.ts';
import { type Json, JsonNumber, typeOf } from '../../json/value.ts';
import type { History } from '../../replay/history.ts';
import type { OpenExecution } from '../open-execution.ts';
import { cutText } from '../value-text.ts';
import type { SliceMaker } from './slice.ts';

/** The event at the cursor; null when no event has this sequence. */
export const eventSlice: SliceMaker<'event'> = async ({ execution, sequence, basis, position, positionBefore, sincePrevious }) => {
  if (basis === 'index' && position === positionBefore) return null;
  return eventAt(execution, { sequence, position: basis === 'index' ? position : -1, sincePrevious });
};

interface EventPlace {
  readonly sequence: number;
  /** -1 while the event is not indexed; it has no links then. */
  readonly position: number;
  readonly sincePrevious: number | null;
}

/** One event in full; null when no event has this sequence. */
export async function eventAt(execution: OpenExecution, { sequence, position, sincePrevious }: EventPlace): Promise<EventDetail | null> {
  const stored = await execution.source.payload(execution.id, sequence);
  if (stored === undefined) return null;
  const detail = eventDetail(stored, execution.history, position, sincePrevious);
  const cause = position >= 0 && detail.type === 'workflow_failed' ? await causeOf(execution, position, detail) : undefined;
  return cause === undefined ? detail : { ...detail, links: [cause, ...detail.links] };
}

const RAW_LENGTH = 64 * 1024;
const FIELD_LENGTH = 4000;
const ERROR_LENGTH = 160;
/** How far before and after an event its related events are searched for, in events. */
const MAX_LINK_DISTANCE = 20_000;

/** @param position -1 while the event is not indexed; it has no links then. */
function eventDetail(stored: EventRow, history: History, position: number, sincePrevious: number | null): EventDetail {
  const text = stored.text ?? '';
  const reading = stored.unreadable === undefined ? readEvent(text) : ({ ok: false, reason: stored.unreadable } as const);
  const common = {
    sequence: stored.sequence,
    createdAt: stored.createdAt,
    text: cutText(text, RAW_LENGTH).text,
    bytes: stored.bytes,
    sincePrevious,
    links: position < 0 ? [] : linksOf(history, position),
  };
  if (!reading.ok) {
    return {
      ...common,
      type: 'unreadable',
      category: 'unknown',
      severity: 'error',
      node: null,
      summary: reading.reason,
      fields: [],
      unreadable: reading.reason,
      objections: [],
    };
  }
  const { event } = reading;
  return {
    ...common,
    type: event.kind.type,
    category: event.kind.category,
    severity: event.kind.severity,
    node: event.nodeId ?? null,
    summary: summaryOf(event),
    fields: fieldsOf(event),
    unreadable: null,
    objections: runtimeObjections(event),
  };
}

/** The known fields in the order of the format, then all others. */
function fieldsOf(event: Event): EventField[] {
  const known = event.kind.fields.map(({ name }) => name).filter((name) => event.fields.has(name));
  const others = [...event.fields.keys()].filter((name) => name !== 'type' && !known.includes(name));
  return [...known, ...others].map((name) => fieldOf(name, event.fields.get(name) as Json));
}

function fieldOf(name: string, value: Json): EventField {
  const text = typeof value === 'string' ? value : printJson(value, { pretty: true });
  const read = value instanceof JsonNumber ? asRuntimeReads(value.text) : undefined;
  const rounded = value instanceof JsonNumber && Number(read) !== Number(value.text) ? (read ?? 'refused') : null;
  const artifact = artifactReference(value);
  return { name, type: typeOf(value), ...cutText(text, FIELD_LENGTH), rounded, ...(artifact === undefined ? {} : { artifact }) };
}

/** The last failure of a node that the error names as a word, if nothing was tried after it; otherwise the last failure before. */
async function causeOf({ source, id, history }: OpenExecution, position: number, { fields }: EventDetail): Promise<EventLink | undefined> {
  const names = new Set((fields.find(({ name }) => name === 'error')?.text ?? '').match(/[\p{L}\p{N}_.-]+/gu));
  let last: number | undefined;
  let named: number | undefined;
  const triedAgain = new Set<string>();
  for (let at = position - 1; at >= Math.max(0, position - MAX_LINK_DISTANCE) && named === undefined; at--) {
    const [type, node] = [history.kindOf(at)?.type, history.nodeOf(at)];
    if (node !== undefined && (type === 'node_scheduled' || type === 'node_started' || type === 'retry_scheduled')) triedAgain.add(node);
    if (history.categoryOf(at) !== 'failure' || type === 'retry_scheduled') continue;
    last ??= at;
    if (node !== undefined && names.has(node) && !triedAgain.has(node)) named = at;
  }
  const cause = named ?? last;
  if (cause === undefined) return undefined;
  const sequence = history.sequenceOf(cause);
  const stored = await source.payload(id, sequence);
  const reading = stored?.text === undefined ? undefined : readEvent(stored.text);
  const error = reading?.ok ? reading.event.fields.get('error') : undefined;
  const text = typeof error === 'string' ? cutText(error, ERROR_LENGTH).text : '';
  const node = history.nodeOf(cause) ?? history.kindOf(cause)?.type ?? '';
  return { label: named === undefined ? 'Last failure' : 'Failed at', sequence, text: [node, text].filter((part) => part !== '').join(': ') };
}

const START_LABELS: Readonly<Record<string, string>> = { node_started: 'Started', node_scheduled: 'Scheduled', retry_scheduled: 'Retry scheduled' };

/** The related events: its cause, its result, and the neighbours of the same node. */
function linksOf(history: History, position: number): EventLink[] {
  const type = history.kindOf(position)?.type;
  const links: EventLink[] = [];
  const add = (label: string, at: number | undefined): void => {
    if (at === undefined || links.some((link) => link.sequence === history.sequenceOf(at))) return;
    links.push({ label, sequence: history.sequenceOf(at), text: history.kindOf(at)?.type ?? 'unreadable' });
  };
  if (type === 'approval_received') add('Request', find(history, position, -1, ['tool_approval_required', 'interrupt_raised']));
  if (type === 'tool_approval_required') add('Decision', find(history, position, 1, ['approval_received']));
  if (type === 'node_completed' || type === 'node_failed') {
    // An event behind an earlier end is of an earlier attempt.
    const start = find(history, position, -1, ['node_started', 'node_scheduled', 'retry_scheduled', 'node_completed', 'node_failed']);
    const label = start === undefined ? undefined : START_LABELS[history.kindOf(start)?.type ?? ''];
    if (label !== undefined) add(label, start);
  }
  if (type === 'node_started' || type === 'node_scheduled')
    add('Ended', find(history, position, 1, ['node_completed', 'node_failed', 'node_skipped', 'node_cancelled']));
  if (type === 'node_failed') add('Retry', find(history, position, 1, ['retry_scheduled']));
  if (type === 'timer_fired') add('Created', find(history, position, -1, ['timer_created']));
  add('Before, same node', find(history, position, -1));
  add('Next, same node', find(history, position, 1));
  return links;
}

/** The nearest event of the same node in a direction, of one of these kinds or of any. */
function find(history: History, position: number, step: 1 | -1, types?: readonly string[]): number | undefined {
  const node = history.nodeOf(position);
  if (node === undefined) return undefined;
  const end = step > 0 ? Math.min(history.count, position + MAX_LINK_DISTANCE) : Math.max(-1, position - MAX_LINK_DISTANCE);
  for (let at = position + step; at !== end; at += step) {
    if (history.nodeOf(at) === node && (types === undefined || types.includes(history.kindOf(at)?.type ?? ''))) return at;
  }
  return undefined;
}
