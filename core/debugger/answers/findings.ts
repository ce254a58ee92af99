import type { FindingsList } from '../../contract/findings.ts';
import type { Finding } from '../../finding.ts';
import type { OpenExecution } from '../open-execution.ts';

/** As many refused events as are listed; the runtime stops at the first one. */
const MAX_REFUSALS = 1000;

/** Everything unusual about an execution, as far as it is known: in its log, its snapshots, its row and its file. */
export function findingsOf(execution: OpenExecution): FindingsList {
  const { history } = execution;
  const others = [...wholeExecution(execution), ...ofSnapshots(execution), ...refusals(execution)];
  return {
    total: history.findingCount + others.length,
    findings: [...others, ...history.findings].sort((a, b) => a.sequence - b.sequence),
    complete: execution.isDone,
  };
}

function* wholeExecution({ inputProblem, badSequences, check, indexed, history, row }: OpenExecution): Generator<Finding> {
  if (inputProblem !== undefined) yield { kind: 'unreadable-input', sequence: 0, detail: `The initial input cannot be read: ${inputProblem}.` };
  if (badSequences > 0) {
    yield {
      kind: 'bad-sequence',
      sequence: 0,
      detail: `${badSequences} ${badSequences === 1 ? 'row has' : 'rows have'} no usable sequence and cannot be placed.`,
    };
  }
  if (check?.verdict === 'damaged') yield { kind: 'damaged', sequence: check.incompleteFrom ?? 0, detail: `The database is damaged: ${check.detail}.` };
  if (!indexed || history.count === 0) return;
  const replayed = history.status.at(history.count - 1);
  if (replayed !== row.status) {
    yield {
      kind: 'row-status-differs',
      sequence: history.lastSequence,
      detail: `The row of the execution says ${row.status}; after the last event, replay says ${replayed}.`,
    };
  }
}

function* ofSnapshots({ verdicts, snapshots, indexed, history }: OpenExecution): Generator<Finding> {
  for (const [sequence, verdict] of verdicts) {
    if (verdict.kind === 'unreadable')
      yield { kind: 'snapshot-unreadable', sequence, detail: `The snapshot at ${sequence} cannot be read: ${verdict.reason}.` };
    if (verdict.kind === 'differs') {
      const paths = verdict.changes.slice(0, 3).map(({ path }) => path || '(the whole state)');
      const where = paths.length === 0 ? '' : `, at ${paths.join(', ')}${verdict.changes.length > paths.length ? ' and more' : ''}`;
      yield { kind: 'snapshot-differs', sequence, detail: `The snapshot at ${sequence} differs from replay in ${verdict.parts.join(', ')}${where}.` };
    }
  }
  if (!indexed) return;
  for (const { atSequence } of snapshots) {
    if (atSequence > history.lastSequence) {
      yield { kind: 'snapshot-beyond-end', sequence: atSequence, detail: `The snapshot at ${atSequence} is beyond the last event, ${history.lastSequence}.` };
    }
  }
}

/** Those of events that can be read: the others have a finding of their own. */
function* refusals({ runtime, history }: OpenExecution): Generator<Finding> {
  const unreadable = new Set(history.findings.filter(({ kind }) => kind === 'unreadable-event' || kind === 'unknown-kind').map(({ sequence }) => sequence));
  for (const { sequence, reason } of runtime.refusals.slice(0, MAX_REFUSALS)) {
    if (!unreadable.has(sequence)) yield { kind: 'runtime-would-refuse', sequence, detail: `The runtime would refuse event ${sequence}: ${reason}.` };
  }
}
