import type { Plain } from '../../json/plain.ts';
import type { Pointer } from '../../json/pointer.ts';
import { diffJson } from '../../replay/diff.ts';
import type { OpenExecution } from '../open-execution.ts';

export interface DiffAnswer {
  readonly changes: Plain;
  /** Arrays whose items could only be compared by index. */
  readonly coarse: readonly Pointer[];
}

/** The changes that turn the state at one sequence into the state at another. The execution must be indexed up to both. */
export function diffAnswer({ history }: OpenExecution, from: number, to: number): DiffAnswer {
  const { changes, coarse } = diffJson(history.stateAt(history.positionAt(from)), history.stateAt(history.positionAt(to)));
  return { changes: changes.map((change) => ({ op: change.op, path: change.path, old: change.old, new: change.new })), coarse };
}
