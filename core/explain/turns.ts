import { type Costs, costsOf, noCosts, numberOf } from '../replay/costs.ts';
import type { History } from '../replay/history.ts';
import type { Steps } from '../replay/steps.ts';
import { type LoopPart, type LoopPlace, placeInLoop } from './agent-loop.ts';
import { type NodeTimes, nodeTimes, timesOf } from './node-times.ts';
import { type ExplainedRun, groupedBy } from './run.ts';

/** The unrolled loop of an agent, folded to its turns. */
export interface AgentLoop {
  /** What tells the turns: the labels of the definition, or only the names of the nodes. */
  readonly by: LoopPlace['by'];
  /** In ascending order; those of which no event tells are left out. */
  readonly turns: readonly Turn[];
}

/** A turn of an agent: a model, a gate and its tools. The state before it is that before {@link from}, the state after it that at {@link to}. */
export interface Turn {
  readonly turn: number;
  /** Whether it is the last model, which has no tools. */
  readonly isFinal: boolean;
  /** Whether a node of it was started or completed; the branch to all others was not taken. */
  readonly hasRun: boolean;
  /** Of its events, ascending. Every event of a node of the loop is in exactly one turn. */
  readonly positions: readonly number[];
  /** The sequences of its first and its last event. */
  readonly from: number;
  readonly to: number;
  readonly nodes: readonly TurnNode[];
  readonly costs: Costs;
}

interface TurnNode extends NodeTimes {
  readonly node: string;
  readonly part: LoopPart;
  /** The kind of its last event. */
  readonly last: string;
}

/** How many positions are looked at between two yields. */
const POSITIONS_PER_STEP = 8192;

/** The turns of a run; undefined when none of its nodes is in an agent's loop. */
export async function turnsOf(run: ExplainedRun): Promise<AgentLoop | undefined> {
  const places = loopPlaces(run);
  if (places.size === 0) return undefined;
  const grouped = await run.paced(positionsByTurn(run.history, places));
  const turns: Turn[] = [];
  for (const [turn, positions] of [...grouped].sort(([a], [b]) => a - b)) turns.push(await turnOf(run, turn, positions, places));
  return { by: [...places.values()].some(({ by }) => by === 'labels') ? 'labels' : 'names', turns };
}

/** The turn at a sequence: of those that ran, the last one that began there or before. */
export function turnAt(turns: readonly Turn[], sequence: number): Turn | undefined {
  return turns.reduce<Turn | undefined>((last, turn) => (turn.hasRun && turn.from <= sequence && turn.from >= (last?.from ?? 0) ? turn : last), undefined);
}

/** The nodes of the loop that have an event, by their names. */
export function loopPlaces({ history, definitionOf }: ExplainedRun): ReadonlyMap<string, LoopPlace> {
  const places = new Map<string, LoopPlace>();
  for (const name of history.nodeNames) {
    const place = placeInLoop(name, definitionOf(name));
    if (place !== undefined) places.set(name, place);
  }
  return places;
}

function* positionsByTurn(history: History, places: ReadonlyMap<string, LoopPlace>): Steps<ReadonlyMap<number, number[]>> {
  const turns = new Map<number, number[]>();
  for (let position = 0; position < history.count; position++) {
    if (position % POSITIONS_PER_STEP === 0) yield;
    const node = history.nodeOf(position);
    const place = node === undefined ? undefined : places.get(node);
    if (place === undefined) continue;
    const positions = turns.get(place.turn);
    if (positions === undefined) turns.set(place.turn, [position]);
    else positions.push(position);
  }
  return turns;
}

async function turnOf(run: ExplainedRun, turn: number, positions: readonly number[], places: ReadonlyMap<string, LoopPlace>): Promise<Turn> {
  const { history } = run;
  const costs = noCosts();
  const durations = new Map<number, number>();
  let hasRun = false;
  for (const position of positions) {
    const type = history.kindOf(position)?.type ?? '';
    hasRun ||= type === 'node_started' || type === 'node_completed' || type === 'node_failed';
    if (!COSTLY.has(type)) continue;
    const fields = (await run.eventAt(position))?.fields;
    const added = costsOf(type, (name) => numberOf(fields?.get(name)));
    if (added === undefined) continue;
    for (const name of Object.keys(costs) as (keyof Costs)[]) costs[name] += added[name];
    durations.set(position, added.durationMs);
  }
  const times = timesOf(history);
  const nodes = [...groupedBy(positions, (position) => history.nodeOf(position))].map(([node, at]): TurnNode => {
    const last = history.kindOf(at.at(-1) as number)?.type ?? '';
    return { node, part: (places.get(node) as LoopPlace).part, last, ...nodeTimes(times, at, (position) => durations.get(position)) };
  });
  return {
    turn,
    isFinal: nodes.some(({ node }) => places.get(node)?.isFinal === true),
    hasRun,
    positions,
    from: history.sequenceOf(positions[0] as number),
    to: history.sequenceOf(positions.at(-1) as number),
    nodes,
    costs,
  };
}

/** The kinds of events that have costs. */
const COSTLY: ReadonlySet<string> = new Set(['node_completed', 'node_failed', 'retry_scheduled', 'agent_tool_completed']);
