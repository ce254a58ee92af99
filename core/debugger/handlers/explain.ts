import type { HandlersFor } from '../../contract/contract.ts';
import type { Transition, Writer } from '../../contract/explain.ts';
import { FaultError } from '../../fault.ts';
import { blamesAt } from '../../replay/blame.ts';
import { nearestChange } from '../../replay/nearest-change.ts';
import { compilePredicate, type Predicate } from '../../replay/predicate.ts';
import { nextTrue, transitionsAnswer } from '../answers/transitions.ts';
import { completeCondition } from '../condition-completion.ts';
import type { Engine } from '../engine.ts';
import { runPaced } from '../pacing.ts';
import { valueChanges, writerOf } from '../value-changes.ts';

/** How many transitions of a condition are returned; all are counted. */
const MAX_TRANSITIONS = 10_000;

export function explainHandlers(engine: Engine) {
  return {
    'explain.writers': async ({ pointers, ...cursor }, cancelled) => {
      const signal = engine.untilClosed(cursor.source, cancelled);
      const { history } = await engine.ready(cursor, signal);
      const position = history.positionAt(cursor.sequence);
      const blames = await runPaced(blamesAt(history, pointers, position), engine.pause, signal);
      return blames.map((blame): Writer | null => (blame === undefined ? null : writerOf(blame)));
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
  } satisfies HandlersFor<'explain'>;
}

/** @throws FaultError `bad-condition` */
function predicateOf(condition: string): Predicate {
  const compiled = compilePredicate(condition);
  if (!compiled.ok) throw new FaultError('bad-condition', { detail: compiled.reason, ...(compiled.at && { at: compiled.at }) });
  return compiled.predicate;
}
