import { pointerKeys } from '../json/pointer.ts';
import { isObject, type Json } from '../json/value.ts';
import { blamesAt } from '../replay/blame.ts';
import { diffJson } from '../replay/diff.ts';
import { placeInLoop } from './agent-loop.ts';
import type { RunOutline } from './outline.ts';
import type { ExplainedRun } from './run.ts';
import { toolCallNames } from './tool-calls.ts';
import { folded, nodeName, type Why, type WhyLink, whyOf } from './why.ts';

/** The most lost values and inputs of a node that are named. */
const MAX_NAMED = 20;
/** A longer final state is not compared without being asked: that takes a tenth of a second. In bytes. */
const MAX_FINAL_BYTES = 8 * 1024 * 1024;
/** The most differences that are counted at an end. */
const MAX_CHANGES = 1000;

/** Why a run ended or what it waits for, with what led to it: who asked for the work that failed, and who wrote what it worked on. */
export async function explainWhy(run: ExplainedRun): Promise<Why> {
  const outline = await run.outline();
  const hasEnded = outline.end !== undefined || outline.segment !== undefined;
  const why = whyOf({
    outline,
    rowStatus: run.rowStatus,
    generation: run.generation,
    workflow: run.workflow,
    workflowName: `${run.workflowId} version ${run.workflowVersion}`,
    items: hasEnded ? undefined : await run.workItems(),
  });
  if (why.kind === 'completed') return (await lostState(run, outline)) ?? why;
  const { node } = why;
  if (node === undefined) return why;
  const more = [...(await askedBy(run, why, node)), ...chosenBy(run, outline, node), ...(await inputsOf(run, why, node))];
  more.sort((a, b) => (b.sequence ?? 0) - (a.sequence ?? 0));
  const asked = more.find(({ text }) => text.startsWith(ASKED));
  const sentence = asked === undefined ? why.sentence : `${why.sentence} The model had asked for ${asked.text.slice(ASKED.length)} at #${asked.sequence}.`;
  return { ...why, sentence, chain: [...why.chain, ...more] };
}

const ASKED = 'the model asked for ';

/** The answer of the model that asked for the tools of a turn. */
async function askedBy({ history, definitionOf, eventAt }: ExplainedRun, why: Why, node: string): Promise<WhyLink[]> {
  const place = placeInLoop(node, definitionOf(node));
  if (place?.part !== 'tools') return [];
  for (let position = startOf(history, why, node) - 1; position >= 0; position--) {
    if (history.kindOf(position)?.type !== 'node_completed') continue;
    const name = history.nodeOf(position) ?? '';
    const other = placeInLoop(name, definitionOf(name));
    if (other?.part !== 'model') continue;
    if (other.turn !== place.turn) return [];
    const patch = (await eventAt(position))?.fields.get('state_patch');
    const asked = toolCallNames(isObject(patch) ? patch.get('last_model_tool_calls') : undefined);
    return asked === '' ? [] : [{ sequence: history.sequenceOf(position), node: name, text: `${ASKED}${asked}` }];
  }
  return [];
}

/** The condition that chose the node. */
function chosenBy({ workflow }: ExplainedRun, outline: RunOutline, node: string): WhyLink[] {
  const sources = workflow?.edges.filter(({ to }) => to === node) ?? [];
  return sources.flatMap(({ from, condition }) => {
    const source = outline.nodes.get(from);
    if (source?.completed === undefined || source.chosen !== node) return [];
    return [{ sequence: source.completed, node: from, text: `${nodeName(from, workflow).full} chose it${condition === undefined ? '' : `: ${condition}`}` }];
  });
}

/** Who wrote the values of the state that the definition maps to the input of the node. */
async function inputsOf({ history, definitionOf, paced }: ExplainedRun, why: Why, node: string): Promise<WhyLink[]> {
  const mapping = definitionOf(node)?.kind.get('input_mapping');
  const paths = isObject(mapping) ? [...mapping.values()].flatMap((value) => pathOf(value) ?? []).slice(0, MAX_NAMED) : [];
  if (paths.length === 0) return [];
  const blames = await paced(blamesAt(history, paths, startOf(history, why, node) - 1));
  return blames.flatMap((blame) =>
    blame === undefined
      ? []
      : [{ sequence: blame.sequence, node: blame.nodeId, text: `${blame.path} was written by ${blame.nodeId ?? blame.kind?.type ?? 'the initial input'}` }],
  );
}

/** `state.a.b`, `$.a.b` or a pointer as a pointer. */
function pathOf(value: Json): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.startsWith('/')) return pointerKeys(value) === undefined ? undefined : value;
  const [, path] = /^\{*\s*(?:\$\.)?(?:state\.)?([A-Za-z_]\w*(?:\.\w+)*)\s*\}*$/.exec(value) ?? [];
  return path === undefined || !/^\{*\s*(?:\$|state)\./.test(value) ? undefined : `/${path.replaceAll('.', '/')}`;
}

/** The position at which the work began that the first link of the chain about the node ended. */
function startOf(history: ExplainedRun['history'], { chain }: Why, node: string): number {
  const last = chain.find((link) => link.node === node)?.sequence ?? history.lastSequence;
  let position = history.positionAt(last);
  while (position > 0 && !(history.nodeOf(position) === node && history.kindOf(position)?.type === 'node_scheduled')) position--;
  return position;
}

/** What the end threw away and brought back: the final state is that of the scheduler, which does not have all that replay has. */
async function lostState({ history, paced }: ExplainedRun, { end }: RunOutline): Promise<Why | undefined> {
  if (end === undefined) return undefined;
  const { position, before } = history.locate(end.sequence);
  const size = history.sizeOf(position);
  if (size > MAX_FINAL_BYTES) {
    const sentence = `Completed at #${end.sequence}; its final state is too large to be compared here (${Math.round(size / 1024 / 1024)} MB): the diff at #${end.sequence} shows it.`;
    return {
      kind: 'completed',
      sentence,
      chain: [{ sequence: end.sequence, node: undefined, text: 'the run completed' }],
      cause: 'completed',
      node: undefined,
    };
  }
  const { changes } = diffJson(history.stateAt(before), history.stateAt(position), MAX_CHANGES);
  const lost = changes.filter(({ op }) => op !== 'add');
  if (lost.length === 0) return undefined;
  const brought = changes.length - lost.length;
  const named = lost.slice(0, MAX_NAMED);
  const blames = await paced(
    blamesAt(
      history,
      named.map(({ path }) => path),
      before,
    ),
  );
  const links = named.map(({ path, op }, i): WhyLink => {
    const blame = blames[i];
    const by = blame === undefined ? '' : `, written by ${blame.nodeId ?? blame.kind?.type ?? 'the initial input'}${reasonOf(blame.kind?.type, blame.how)}`;
    return { sequence: blame?.sequence, node: blame?.nodeId, text: `${path || 'the whole state'} was ${op === 'remove' ? 'lost' : 'changed'}${by}` };
  });
  const more = changes.length === MAX_CHANGES ? 'at least ' : '';
  const first = named[0]?.path || 'the whole state';
  const [writer] = blames;
  const by = writer === undefined ? '' : `, written at #${writer.sequence}`;
  const others = lost.length === 1 ? '' : ` and ${lost.length - 1} more`;
  return {
    kind: 'lost-state',
    sentence: `Completed at #${end.sequence}, and its end lost ${first}${by}${others}${brought === 0 ? '' : `; it brought back ${more}${brought}`}.`,
    chain: [
      { sequence: end.sequence, node: undefined, text: `the final state replaced the state: ${more}${lost.length} lost or changed, ${brought} brought back` },
      ...links,
    ],
    cause: folded(`completed, and lost ${first}`),
    node: undefined,
  };
}

function reasonOf(type: string | undefined, how: string): string {
  if (type === 'approval_received') return ' in the patch of an approval, which nodes are not given';
  return how === 'merged' ? ' in a nested patch, which nodes are given whole' : '';
}
