import { artifactReference } from '../jamjet/artifact.ts';
import type { Event } from '../jamjet/event.ts';
import { summaryOf } from '../jamjet/event.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import { printJson } from '../json/print.ts';
import { isObject, type Json, JsonMap, JsonNumber, type JsonObject, numberText } from '../json/value.ts';
import { costsOf, noCosts, numberOf } from '../replay/costs.ts';
import { visible } from '../visible.ts';
import type { LoopPlace } from './agent-loop.ts';
import { nodeTimes, timesOf } from './node-times.ts';
import { type ExplainedRun, groupedBy } from './run.ts';
import { firstArgument, toolCallNames } from './tool-calls.ts';
import { loopPlaces } from './turns.ts';

/** One line of a story: a turn, the work of one node, or an event of the run itself. */
export interface StoryLine {
  /** What it is about: `Start`, `Turn 4`, a node, or `End`. */
  readonly title: string;
  /** What happened, in parts. */
  readonly parts: readonly string[];
  /** The sequences of its first and its last event, and how many it has. */
  readonly from: number;
  readonly to: number;
  readonly events: number;
  readonly turn: number | undefined;
  readonly node: string | undefined;
  /** From its first to its last event, in milliseconds. */
  readonly duration: number;
  readonly outcome: 'completed' | 'failed' | 'stopped' | 'open' | 'none';
}

interface Group {
  readonly title: string;
  readonly turn: number | undefined;
  readonly node: string | undefined;
  readonly positions: number[];
}

/** The ends of a node's work: what comes behind belongs to its next iteration. */
const ENDS: Readonly<Record<string, StoryLine['outcome']>> = { node_completed: 'completed', node_skipped: 'stopped', node_cancelled: 'stopped' };
/** Kinds of which a line says nothing, because the next ones do. */
const QUIET: ReadonlySet<string> = new Set(['node_scheduled', 'node_started']);
/** The most parts of a line; those between are counted. */
const MAX_PARTS = 12;
const MAX_NODES = 5;

/**
 * The log as a story: one line for each turn of an agent, for each piece of work of any other node with all its attempts, and for
 * each event of the run itself. Made from events only, so the same log has the same words every time.
 */
export async function* storyOf(run: ExplainedRun): AsyncGenerator<StoryLine> {
  const places = loopPlaces(run);
  const groups = groupsOf(run, places);
  const taken = new Set(groups.filter((group) => !isSkipped(run, group)).map(({ turn }) => turn));
  // Of a turn that was taken in part, the others are named by their parts.
  const nameOf = ({ title, turn, positions }: Group): string =>
    turn === undefined || !taken.has(turn)
      ? title
      : [...new Set(positions.map((position) => places.get(run.history.nodeOf(position) ?? '')?.part))].map((part) => `${part} of turn ${turn}`).join(', ');
  let skipped: Group[] = [];
  for (const group of groups) {
    if (isSkipped(run, group)) {
      skipped.push(group);
      continue;
    }
    if (skipped.length > 0) yield skippedLine(run, skipped, nameOf);
    skipped = [];
    yield await lineOf(run, group, places);
  }
  if (skipped.length > 0) yield skippedLine(run, skipped, nameOf);
}

/** In the order of their first events. */
function groupsOf({ history }: ExplainedRun, places: ReadonlyMap<string, LoopPlace>): readonly Group[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (let position = 0; position < history.count; position++) {
    const node = history.nodeOf(position);
    const type = history.kindOf(position)?.type ?? '';
    if (node === undefined) {
      groups.push({ title: TITLES[type] ?? 'Run', turn: undefined, node: undefined, positions: [position] });
      continue;
    }
    const turn = places.get(node)?.turn;
    // The other turns, whose branch was not taken, are no part of the story of the last one.
    const key = turn === undefined ? `node ${node}` : `turn ${turn}${type === 'node_skipped' ? ' skipped' : ''}`;
    const known = open.get(key);
    const group = known ?? { title: turn === undefined ? node : `Turn ${turn}`, turn, node: turn === undefined ? node : undefined, positions: [] };
    if (known === undefined) {
      groups.push(group);
      open.set(key, group);
    }
    group.positions.push(position);
    if (turn === undefined && ENDS[type] !== undefined) open.delete(key);
  }
  return groups;
}

const TITLES: Readonly<Record<string, string>> = {
  workflow_started: 'Start',
  workflow_completed: 'End',
  workflow_failed: 'End',
  workflow_cancelled: 'End',
  strategy_limit_hit: 'End',
};

function isSkipped({ history }: ExplainedRun, { positions }: Group): boolean {
  return positions.every((position) => history.kindOf(position)?.type === 'node_skipped');
}

function skippedLine(run: ExplainedRun, groups: readonly Group[], nameOf: (group: Group) => string): StoryLine {
  const positions = groups.flatMap((group) => group.positions).sort((a, b) => a - b);
  const titles = groups.map(nameOf);
  const others = titles.length > MAX_NODES ? ` and ${titles.length - MAX_NODES} more` : '';
  const line = spanOf(run, positions);
  return { ...line, title: 'Not taken', parts: [`${titles.slice(0, MAX_NODES).join(', ')}${others}`], turn: undefined, node: undefined, outcome: 'stopped' };
}

async function lineOf(run: ExplainedRun, { title, turn, node, positions }: Group, places: ReadonlyMap<string, LoopPlace>): Promise<StoryLine> {
  const { history } = run;
  const parts: string[] = [];
  const costs = noCosts();
  let [outcome, starts]: [StoryLine['outcome'], number] = ['none', 0];
  const durations = new Map<number, number>();
  for (const position of positions) {
    const type = history.kindOf(position)?.type;
    if (type === 'node_started') starts++;
    if (type === undefined || !QUIET.has(type)) {
      const event = await run.eventAt(position);
      const added = event && costsOf(event.kind.type, (name) => numberOf(event.fields.get(name)));
      if (added !== undefined) {
        durations.set(position, added.durationMs);
        for (const name of ['inputTokens', 'outputTokens', 'costUsd'] as const) costs[name] += added[name];
      }
      const place = places.get(history.nodeOf(position) ?? '');
      const said = event === undefined ? 'an event that cannot be read' : await wordsOf(run, event, place);
      if (said !== '') parts.push(said);
    }
    if (type !== undefined)
      outcome =
        ENDS[type] ??
        (type === 'node_failed' || type === 'workflow_failed' ? 'failed' : type === 'workflow_completed' ? 'completed' : QUIET.has(type) ? 'open' : outcome);
  }
  if (parts.length === 0) parts.push(starts > 0 ? 'started' : 'scheduled');
  const tokens = costs.inputTokens + costs.outputTokens > 0 ? [`${thousands(costs.inputTokens)} → ${thousands(costs.outputTokens)} tokens`] : [];
  const dollars = costs.costUsd > 0 ? [`$${Math.round(costs.costUsd * 1e6) / 1e6}`] : [];
  return { ...spanOf(run, positions), title, parts: [...bounded(parts), ...tokens, ...dollars, ...timeParts(run, positions, durations)], turn, node, outcome };
}

/** The words of an event: what a person would tell of it. */
async function wordsOf(run: ExplainedRun, event: Event, place: LoopPlace | undefined): Promise<string> {
  const { kind, fields } = event;
  const field = (name: string): string => wordOf(fields.get(name));
  switch (kind.type) {
    case 'workflow_started':
      return `${field('workflow_id')} ${field('workflow_version')}`;
    case 'workflow_completed':
      return 'completed';
    case 'workflow_failed':
      return `failed: ${field('error')}`;
    case 'workflow_cancelled':
      return field('reason') === '' ? 'cancelled' : `cancelled: ${field('reason')}`;
    case 'node_completed':
      return completedWords(run, fields, place);
    case 'node_failed':
      return `${place === undefined ? 'failed' : `${place.part} failed`}: ${field('error')}`;
    case 'node_parked':
      return `rate limited until ${spokenMoment(field('retry_after'))}`;
    case 'retry_scheduled':
      return `retry ${field('attempt')} in ${spokenTime(numberOf(fields.get('delay_ms')) ?? 0)}`;
    case 'tool_approval_required':
      return `${field('tool_name')} needs approval`;
    case 'approval_received':
      return `${field('user_id')} ${field('decision')}${field('comment') === '' ? '' : ` (“${field('comment')}”)`}${isObject(fields.get('state_patch')) ? ', with an edit' : ''}`;
    default: {
      const [words, summary] = [kind.type.replaceAll('_', ' '), summaryOf(event)];
      return summary === '' ? words : `${words}: ${oneLine(summary)}`;
    }
  }
}

async function completedWords(run: ExplainedRun, fields: JsonObject, place: LoopPlace | undefined): Promise<string> {
  const patch = fields.get('state_patch');
  const reference = artifactReference(fields.get('output'));
  const output = reference === undefined ? fields.get('output') : await run.artifact(reference.hash);
  const part = (name: string, patched: string): Json | undefined =>
    (isObject(output) ? output.get(name) : undefined) ?? (isObject(patch) ? patch.get(patched) : undefined);
  if (place?.part === 'model') {
    const calls = toolCallNames(part('tool_calls', 'last_model_tool_calls'), firstArgument);
    if (calls !== '') return `model asked for ${calls}`;
    const reason = wordOf(part('finish_reason', 'last_model_finish_reason'));
    return reason === '' || reason === 'stop' ? 'model answered' : `model answered (${reason})`;
  }
  if (place?.part === 'gate')
    return isObject(output) && typeof output.get('chosen_target') === 'string' ? (output.get('chosen_target') === 'end' ? 'the loop ended' : '') : '';
  if (place?.part === 'tools') return 'tools answered';
  const chosen = isObject(output) ? output.get('chosen_target') : undefined;
  return typeof chosen === 'string' ? `chose ${chosen}` : 'completed';
}

function timeParts(run: ExplainedRun, positions: readonly number[], durations: ReadonlyMap<number, number>): string[] {
  const byNode = groupedBy(positions, (position) => run.history.nodeOf(position));
  const times = timesOf(run.history);
  const all = [...byNode.values()].map((at) => nodeTimes(times, at, (position) => durations.get(position)));
  const sum = (name: 'queued' | 'delayed' | 'ran' | 'held'): number => all.reduce((total, one) => total + one[name], 0);
  const [queued, delayed, ran, held] = [sum('queued'), sum('delayed'), sum('ran'), sum('held')];
  const attempts = Math.max(0, ...all.map((one) => one.attempts));
  return [
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(ran > 0 ? [`ran ${spokenTime(ran)}`] : []),
    ...(queued > 0 ? [`queued ${spokenTime(queued)}`] : []),
    ...(delayed > 0 ? [`waited to retry ${spokenTime(delayed)}`] : []),
    ...(held > 0 ? [`waited for a person ${spokenTime(held)}`] : []),
    ...(all.some(({ isHeld }) => isHeld) ? ['not decided'] : []),
  ];
}

function spanOf({ history }: ExplainedRun, positions: readonly number[]): Pick<StoryLine, 'from' | 'to' | 'events' | 'duration'> {
  const [first, last] = [positions[0] as number, positions.at(-1) as number];
  return {
    from: history.sequenceOf(first),
    to: history.sequenceOf(last),
    events: positions.length,
    duration: history.clock.at(last) - history.clock.at(first),
  };
}

function bounded(parts: readonly string[]): readonly string[] {
  if (parts.length <= MAX_PARTS) return parts;
  const left = parts.length - MAX_PARTS + 1;
  return [...parts.slice(0, MAX_PARTS - 2), `${left} more`, parts.at(-1) as string];
}

/** The most characters of a text in a line. */
const MAX_TEXT = 200;

/** A text or a number as a word; '' for anything else. */
function wordOf(value: Json | undefined): string {
  if (typeof value === 'string') return oneLine(value);
  return typeof value === 'number' || value instanceof JsonNumber ? numberText(value) : '';
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line;
}

function thousands(value: number): string {
  return value.toLocaleString('en');
}

/** To the second; as it is stored, if it is no time. */
function spokenMoment(stored: string): string {
  const time = millisecondsOf(stored);
  return Number.isFinite(time) ? `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC` : stored;
}

/** `340 ms`, `3.1 s`, `12 min`, `3 h 12 min`. */
function spokenTime(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 120_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A line as text: `Turn 4 · model asked for search_docs ×2 · tools answered`. */
export function storyText({ title, parts }: StoryLine): string {
  return [title, ...parts].join(' · ');
}

/** A line as an export contains it and a terminal prints it: one of a Markdown list, or a JSON object. */
export function storyLine(line: StoryLine, form: 'markdown' | 'jsonl'): string {
  return `${form === 'markdown' ? storyMarkdown(line) : printJson(storyJson(line))}\n`;
}

/** A line of a Markdown list, in which nothing that the log says is markup. */
function storyMarkdown(line: StoryLine): string {
  const range = line.from === line.to ? `#${line.from}` : `#${line.from}–${line.to}`;
  return `- **${escaped(line.title)}** (${range}): ${line.parts.map(escaped).join(' · ')}`;
}

function escaped(text: string): string {
  return visible(text).replaceAll(/[\\`*_{}[\]()<>#+!|~&-]/g, '\\$&');
}

function storyJson({ title, parts, from, to, events, turn, node, duration, outcome }: StoryLine): JsonObject {
  const members: readonly (readonly [string, Json | undefined])[] = [
    ['title', title],
    ['text', parts.join(' · ')],
    ['from', from],
    ['to', to],
    ['events', events],
    ['turn', turn],
    ['node_id', node],
    ['duration_ms', Math.round(duration)],
    ['outcome', outcome],
  ];
  return new JsonMap(members.filter((member): member is readonly [string, Json] => member[1] !== undefined));
}
