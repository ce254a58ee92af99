import type { Plain } from '../../json/plain.ts';
import type { Pointer } from '../../json/pointer.ts';
import { type Blame, blameAt, changesOf } from '../../replay/blame.ts';
import { finish } from '../../replay/steps.ts';
import type { OpenExecution } from '../open-execution.ts';

/** The last event that changed the value at `path`, up to `sequence` (by default the end); null when there has never been a value. */
export function blameAnswer({ history }: OpenExecution, path: Pointer, sequence = Number.MAX_SAFE_INTEGER): Plain {
  const blame = finish(blameAt(history, path, history.positionAt(sequence)));
  return blame === undefined ? null : blameJson(blame);
}

/** Every change of the value up to `sequence`, oldest first. */
export function blameHistoryAnswer({ history }: OpenExecution, path: Pointer, sequence = Number.MAX_SAFE_INTEGER): Plain {
  return [...changesOf(history, path, history.positionAt(sequence))].flatMap((blame) => (blame === undefined ? [] : [blameJson(blame)]));
}

function blameJson({ path, sequence, kind, nodeId, how, old, new: value }: Blame): Plain {
  return { path, sequence, type: kind?.type ?? 'initial_input', node_id: nodeId, how, old, new: value };
}
