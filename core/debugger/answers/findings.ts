import type { FindingsList } from '../../contract/findings.ts';
import type { Finding } from '../../finding.ts';
import type { OpenExecution } from '../open-execution.ts';

/** The most findings that are listed of one sort; all are counted. */
const MAX_LISTED = 1000;

/** Counts findings and keeps the first ones. */
class Collected {
  total = 0;
  readonly kept: Finding[] = [];

  add(finding: () => Finding): void {
    this.total++;
    if (this.kept.length < MAX_LISTED) this.kept.push(finding());
  }
}

/** Everything unusual about an execution, as far as it is known: in its log, its snapshots, its row and its file. */
export function findingsOf(execution: OpenExecution): FindingsList {
  const { history } = execution;
  const others = [wholeExecution(execution), ofSnapshots(execution), refusals(execution)];
  return {
    total: others.reduce((sum, { total }) => sum + total, history.findingCount),
    findings: [...others.flatMap(({ kept }) => kept), ...history.findings].sort((a, b) => a.sequence - b.sequence),
    complete: execution.isDone,
    setAside: history.patches.setAside,
  };
}

function wholeExecution({ inputProblem, badSequences, check, indexed, history, status }: OpenExecution): Collected {
  const found = new Collected();
  if (inputProblem !== undefined) found.add(() => ({ kind: 'unreadable-input', sequence: 0, detail: `The initial input cannot be read: ${inputProblem}.` }));
  if (badSequences > 0) {
    const rows = badSequences === 1 ? 'row has' : 'rows have';
    found.add(() => ({ kind: 'bad-sequence', sequence: 0, detail: `${badSequences} ${rows} no usable sequence and cannot be placed.` }));
  }
  if (check?.verdict === 'damaged') {
    found.add(() => ({ kind: 'damaged', sequence: check.incompleteFrom ?? 0, detail: `The database is damaged: ${check.detail}.` }));
  }
  const replayed = indexed ? history.status.at(history.count - 1) : status;
  if (replayed !== status) {
    const detail = `The row of the execution says ${status}; ${history.count === 0 ? 'without an event' : 'after the last event'}, replay says ${replayed}.`;
    found.add(() => ({ kind: 'row-status-differs', sequence: history.lastSequence, detail }));
  }
  return found;
}

function ofSnapshots({ verdicts, snapshots, indexed, history }: OpenExecution): Collected {
  const found = new Collected();
  for (const [sequence, verdict] of verdicts) {
    if (verdict.kind === 'unreadable') {
      found.add(() => ({ kind: 'snapshot-unreadable', sequence, detail: `The snapshot at ${sequence} cannot be read: ${verdict.reason}.` }));
    } else if (verdict.kind === 'differs') {
      found.add(() => {
        const paths = verdict.changes.slice(0, 3).map(({ path }) => path || '(the whole state)');
        const where = paths.length === 0 ? '' : `, at ${paths.join(', ')}${verdict.changes.length > paths.length ? ' and more' : ''}`;
        return { kind: 'snapshot-differs', sequence, detail: `The snapshot at ${sequence} differs from replay in ${verdict.parts.join(', ')}${where}.` };
      });
    }
  }
  // They are in order, so those beyond the end are the last ones.
  for (let i = snapshots.length - 1; indexed && i >= 0; i--) {
    const sequence = snapshots[i]?.atSequence ?? 0;
    if (sequence <= history.lastSequence) break;
    found.add(() => ({ kind: 'snapshot-beyond-end', sequence, detail: `The snapshot at ${sequence} is beyond the last event, ${history.lastSequence}.` }));
  }
  return found;
}

/** Those of events that can be read and are of a known kind: the others have a finding of their own. */
function refusals({ runtime, history }: OpenExecution): Collected {
  const found = new Collected();
  for (const { sequence, reason } of runtime.refusals) {
    const category = history.categoryOf(history.positionAt(sequence));
    if (sequence > 0 && category === 'unknown') continue;
    found.add(() => ({ kind: 'runtime-would-refuse', sequence, detail: `The runtime would refuse event ${sequence}: ${reason}.` }));
  }
  return found;
}
