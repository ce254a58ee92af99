import type { Plain } from '../../json/plain.ts';
import type { Pointer } from '../../json/pointer.ts';
import { type Blame, blameAt, blameHistory } from '../../replay/blame.ts';
import type { OpenExecution } from '../open-execution.ts';

/** Which event made the value at `path` what it is at `sequence` (by default at the end); null when nothing was ever there. */
export function blameAnswer({ history }: OpenExecution, path: Pointer, sequence = Number.MAX_SAFE_INTEGER): Plain {
  const blame = blameAt(history, path, history.positionAt(sequence));
  return blame === undefined ? null : blameJson(blame);
}

/** Every change of it up to there, oldest first. */
export function blameHistoryAnswer({ history }: OpenExecution, path: Pointer, sequence = Number.MAX_SAFE_INTEGER): Plain {
  return blameHistory(history, path, history.positionAt(sequence)).map(blameJson);
}

function blameJson({ path, sequence, kind, nodeId, how, old, new: value }: Blame): Plain {
  return { path, sequence, type: kind?.type ?? 'initial_input', node_id: nodeId, how, old, new: value };
}
