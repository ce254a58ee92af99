import type { HandlersFor } from '../../contract/contract.ts';
import type { Cursor } from '../../contract/cursor.ts';
import type { StoryLineView, Transition, TurnView, Writer } from '../../contract/explain.ts';
import { dossierOf } from '../../explain/dossier.ts';
import type { StoryLine } from '../../explain/story.ts';
import type { Turn } from '../../explain/turns.ts';
import { FaultError } from '../../fault.ts';
import { causesAt } from '../../replay/blame.ts';
import { nearestChange } from '../../replay/nearest-change.ts';
import { compilePredicate, type Predicate } from '../../replay/predicate.ts';
import { visible } from '../../visible.ts';
import { approvalView, dossierView } from '../answers/approvals.ts';
import { conversationAt, sentTextAt } from '../answers/conversation.ts';
import { nextTrue, transitionsAnswer } from '../answers/transitions.ts';
import { completeCondition } from '../condition-completion.ts';
import type { Engine } from '../engine.ts';
import { Explanations } from '../explanations.ts';
import { runPaced } from '../pacing.ts';
import { valueChanges, writerOf } from '../value-changes.ts';

const MAX_APPROVALS = 1000;
/** How many transitions of a condition are returned; all are counted. */
const MAX_TRANSITIONS = 10_000;

export function explainHandlers(engine: Engine) {
  return {
    'explain.writers': async ({ pointers, ...cursor }, cancelled) => {
      const signal = engine.untilClosed(cursor.source, cancelled);
      const { history } = await engine.ready(cursor, signal);
      const position = history.positionAt(cursor.sequence);
      const causes = await runPaced(causesAt(history, pointers, position), engine.pause, signal);
      return causes.map((cause): Writer | null => (cause === undefined ? null : writerOf(cause)));
    },
    'explain.changes': async ({ pointer, ...execution }, signal) =>
      runPaced(valueChanges(await engine.whole(execution, signal), pointer), engine.pause, engine.untilClosed(execution.source, signal)),
    'explain.nearest': async ({ pointer, direction, ...cursor }, cancelled) => {
      const signal = engine.untilClosed(cursor.source, cancelled);
      const { history } = await (direction === 'next' ? engine.whole(cursor, signal) : engine.ready(cursor, signal));
      const { position, before } = history.locate(cursor.sequence);
      const steps = direction === 'next' ? nearestChange(history, position, 1, pointer) : nearestChange(history, before + 1, -1, pointer);
      const found = await runPaced(steps, engine.pause, signal);
      return found === undefined ? null : history.sequenceOf(found);
    },
    'explain.transitions': async ({ condition, ...execution }, cancelled) => {
      const predicate = predicateOf(condition);
      const signal = engine.untilClosed(execution.source, cancelled);
      const open = await engine.whole(execution, signal);
      const { transitions, firstTrue, lastTrue, ...totals } = await transitionsAnswer(open, predicate, {
        pause: engine.pause,
        signal,
        limit: MAX_TRANSITIONS,
      });
      return {
        ...totals,
        firstTrue: firstTrue ?? null,
        lastTrue: lastTrue ?? null,
        incompleteFrom: open.incompleteFrom ?? null,
        transitions: transitions.map(({ sequence, value, type, node_id }): Transition => {
          const time = sequence === 0 ? Number.NaN : open.history.timeOf(open.history.positionAt(sequence));
          return { sequence, value, type: type ?? null, node: node_id ?? null, time: Number.isFinite(time) ? time : null };
        }),
        firstError: totals.firstError ?? null,
      };
    },
    'explain.nextTrue': async ({ condition, sequence, ...execution }, cancelled) => {
      const predicate = predicateOf(condition);
      const signal = engine.untilClosed(execution.source, cancelled);
      const open = await engine.whole(execution, signal);
      return (await nextTrue(open, predicate, sequence, { pause: engine.pause, signal })) ?? null;
    },
    'explain.complete': async ({ condition, caret, ...cursor }, signal) => {
      const { history } = await engine.ready(cursor, signal);
      return completeCondition(history, history.stateAt(history.positionAt(cursor.sequence)), condition, caret);
    },
    'explain.sent': async ({ from, count, ...cursor }, signal) => {
      const explanations = await explained(engine, cursor, signal);
      return conversationAt(explanations, cursor.sequence, { from, count });
    },
    'explain.sentText': async ({ message, ...cursor }, signal) => ({
      text: await sentTextAt(await explained(engine, cursor, signal), cursor.sequence, message),
    }),
    'explain.turns': async ({ from, count, ...execution }, signal) => {
      const loop = await (await explained(engine, execution, signal)).turns();
      return loop === undefined ? null : { by: loop.by, total: loop.turns.length, turns: loop.turns.slice(from, from + count).map(turnView) };
    },
    'explain.nearestTurn': async ({ direction, sequence, ...execution }, signal) => {
      const loop = await (await explained(engine, execution, signal)).turns();
      const starts = (loop?.turns ?? []).filter(({ hasRun }) => hasRun).map(({ from }) => from);
      // Turns may overlap, so that the first of their events is not always behind those of the turn before.
      starts.sort((a, b) => a - b);
      return (direction === 'next' ? starts.find((from) => from > sequence) : starts.findLast((from) => from < sequence)) ?? null;
    },
    'explain.approvals': async (execution, signal) => {
      const approvals = (await (await explained(engine, execution, signal)).approvals()).toReversed();
      const pending = approvals.filter(({ outcome }) => outcome === 'pending').toReversed();
      const rows = [...pending, ...approvals.filter(({ outcome }) => outcome !== 'pending')].slice(0, MAX_APPROVALS).map(approvalView);
      return { total: approvals.length, pending: pending.length, rows };
    },
    'explain.approval': async ({ sequence, ...execution }, signal) => {
      const explanations = await explained(engine, execution, signal);
      const isOf = (event: { readonly sequence: number } | undefined): boolean => event?.sequence === sequence;
      const approval = (await explanations.approvals()).find(({ request, decision }) => isOf(request) || isOf(decision));
      return approval === undefined ? null : dossierView(await dossierOf(explanations.run, approval));
    },
    'explain.why': async (execution, signal) => {
      const { kind, sentence, node, chain } = await (await explained(engine, execution, signal)).why();
      return {
        kind,
        sentence: visible(sentence),
        node: node ?? null,
        chain: chain.map((link) => ({ sequence: link.sequence ?? null, node: link.node ?? null, text: visible(link.text) })),
      };
    },
    'explain.story': async ({ from, count, ...execution }, signal) => {
      const { total, lines } = await (await explained(engine, execution, signal)).story();
      return { total, kept: lines.length, lines: lines.slice(from, from + count).map(storyView) };
    },
    'explain.storyLine': async ({ sequence, ...execution }, signal) => {
      const { lines } = await (await explained(engine, execution, signal)).story();
      const at = lines.findLastIndex(({ from, to }) => from <= sequence && sequence <= to);
      const index = at >= 0 ? at : lines.findLastIndex(({ from }) => from <= sequence);
      return index < 0 ? null : index;
    },
  } satisfies HandlersFor<'explain'>;
}

/** What is explained of an execution, once its whole log is indexed. */
async function explained(engine: Engine, execution: Pick<Cursor, 'source' | 'execution'>, signal: AbortSignal): Promise<Explanations> {
  const open = await engine.whole(execution, signal);
  // Several requests share it, so only closing the source ends it.
  return Explanations.of(open, engine.source(execution.source).closed);
}

function turnView({ turn, isFinal, hasRun, from, to, positions, costs, nodes }: Turn): TurnView {
  const { inputTokens, outputTokens, costUsd } = costs;
  return { turn, isFinal, hasRun, from, to, events: positions.length, inputTokens, outputTokens, costUsd, nodes };
}

function storyView({ title, parts, from, to, turn, node, outcome }: StoryLine): StoryLineView {
  return { title: visible(title), text: visible(parts.join(' · ')), from, to, turn: turn ?? null, node: node ?? null, outcome };
}

/** @throws FaultError `bad-condition` */
function predicateOf(condition: string): Predicate {
  const compiled = compilePredicate(condition);
  if (!compiled.ok) throw new FaultError('bad-condition', { detail: compiled.reason, ...(compiled.at && { at: compiled.at }) });
  return compiled.predicate;
}
