import { FaultError } from '../fault.ts';
import { type EventChunk, textAt } from '../jamjet/chunk.ts';
import { type Event, readEvent } from '../jamjet/event.ts';
import { JsonScanner } from '../json/scan.ts';
import type { Json } from '../json/value.ts';
import { EventFields } from '../replay/event-fields.ts';
import type { ExecutionListing, Pause, Source } from '../source/port.ts';
import { TERMINAL_STATUSES } from '../vocabulary.ts';
import { newestRuns } from './newest-runs.ts';

/** An event of an approval. */
export interface ApprovalEvent {
  readonly sequence: number;
  /** Milliseconds since 1970; NaN when it is not known. */
  readonly time: number;
}

/** A question to a person, and what became of it. */
export interface Approval {
  /** undefined for an interruption or a decision that names no node. */
  readonly node: string | undefined;
  /** The last request; undefined for a decision without one. */
  readonly request: ApprovalEvent | undefined;
  /** What was to be approved, who was to do it, and why; '' for what the request does not say. */
  readonly tool: string;
  readonly approver: string;
  readonly reason: string;
  /** undefined while nobody has decided. */
  readonly decision: (ApprovalEvent & { readonly by: string; readonly decision: string; readonly comment: string }) | undefined;
  /** `passed`: the node or the run went on or ended without a decision. */
  readonly outcome: 'pending' | 'decided' | 'passed';
}

const REQUESTS: ReadonlySet<string> = new Set(['tool_approval_required', 'interrupt_raised']);
/** The kinds that end the work of a node, and those that end a run. */
export const NODE_ENDS: ReadonlySet<string> = new Set(['node_completed', 'node_skipped', 'node_cancelled', 'node_failed']);
export const RUN_ENDS: ReadonlySet<string> = new Set(['workflow_completed', 'workflow_failed', 'workflow_cancelled', 'strategy_limit_hit']);

/** Reads the approvals of a run from one pass over its log, by the rules of the runtime: the last request of a node is pending until a decision follows. */
export class ApprovalReader {
  readonly #approvals: Approval[] = [];
  /** The places in the list of those that nobody has decided. */
  readonly #open = new Map<string | undefined, number>();
  readonly #fields = new EventFields();

  /** In the order in which they were asked, or decided without a request. */
  get approvals(): readonly Approval[] {
    return this.#approvals;
  }

  /** @param last events after this sequence are left out. */
  append(chunk: EventChunk, last = Number.POSITIVE_INFINITY): void {
    const scanner = new JsonScanner(chunk.bytes);
    for (let i = 0; i < chunk.count; i++) {
      if (chunk.unreadable.has(i) || (chunk.sequences[i] as number) > last) continue;
      const [start, end] = [chunk.offsets[i] as number, chunk.offsets[i + 1] as number];
      const isUsual = this.#fields.read(scanner, start, end);
      const { typeStart, typeEnd } = this.#fields;
      const type = isUsual ? scanner.bytes.toString('utf8', typeStart, typeEnd) : undefined;
      if (type !== undefined && !REQUESTS.has(type) && type !== 'approval_received' && !(this.#open.size > 0 && (NODE_ENDS.has(type) || RUN_ENDS.has(type))))
        continue;
      const reading = readEvent(textAt(chunk, i));
      if (reading.ok) this.#add(reading.event, { sequence: chunk.sequences[i] as number, time: chunk.times[i] as number });
    }
  }

  /** Says that the row has ended without an event that says so. */
  end(): void {
    for (const place of this.#open.values()) this.#pass(place);
    this.#open.clear();
  }

  #add({ kind: { type }, nodeId, fields }: Event, at: ApprovalEvent): void {
    // A decision also answers an interruption that named no node.
    const node = type === 'approval_received' && !this.#open.has(nodeId) && this.#open.has(undefined) ? undefined : nodeId;
    const open = this.#open.get(node);
    if (REQUESTS.has(type)) {
      const before = open === undefined ? undefined : this.#approvals[open];
      const asked: Approval = {
        node,
        request: at,
        tool: text(fields.get('tool_name')) || (before?.tool ?? ''),
        approver: text(fields.get('approver')) || (before?.approver ?? ''),
        reason: text(fields.get('reason')) || (before?.reason ?? ''),
        decision: undefined,
        outcome: 'pending',
      };
      // Asked again, it is still one question.
      if (open !== undefined) this.#approvals[open] = asked;
      else this.#open.set(node, this.#approvals.push(asked) - 1);
    } else if (type === 'approval_received') {
      const decision = { ...at, by: text(fields.get('user_id')), decision: text(fields.get('decision')), comment: text(fields.get('comment')) };
      const asked = open === undefined ? undefined : this.#approvals[open];
      if (open === undefined || asked === undefined)
        this.#approvals.push({ node, request: undefined, tool: '', approver: '', reason: '', decision, outcome: 'decided' });
      else this.#approvals[open] = { ...asked, decision, outcome: 'decided' };
      this.#open.delete(node);
    } else if (RUN_ENDS.has(type)) this.end();
    else if (NODE_ENDS.has(type) && open !== undefined) {
      this.#pass(open);
      this.#open.delete(node);
    }
  }

  #pass(place: number): void {
    this.#approvals[place] = { ...(this.#approvals[place] as Approval), outcome: 'passed' };
  }
}

/** An approval of one of the runs of a database. */
interface RunApproval {
  readonly executionId: string;
  readonly workflowId: string;
  readonly approval: Approval;
}

export interface Approvals {
  /** How many executions are read, and how many there are. */
  readonly read: number;
  readonly of: number;
  /** How many logs cannot be read to their end. */
  readonly unreadable: number;
  readonly pending: number;
  readonly total: number;
  /** Those that wait longest first; at most 1,000. */
  readonly waiting: readonly RunApproval[];
  /** Those of the newest runs; at most 1,000. */
  readonly others: readonly RunApproval[];
}

const MAX_KEPT = 1000;

/** The approvals of all runs of a database: after each page of executions what is known so far. */
export async function* approvalsOf(source: Source, pause: Pause, signal?: AbortSignal): AsyncGenerator<Approvals> {
  const [waiting, others]: [RunApproval[], RunApproval[]] = [[], []];
  const totals = { read: 0, of: 0, unreadable: 0, pending: 0, total: 0 };
  for await (const page of newestRuns(source, signal)) {
    totals.of = page.total;
    for (const row of page.rows) {
      totals.read++;
      const approvals = await approvalsOfRow(source, row, pause, signal);
      if (approvals === undefined) totals.unreadable++;
      for (const approval of approvals ?? []) {
        totals.total++;
        const isPending = approval.outcome === 'pending';
        if (isPending) totals.pending++;
        const list = isPending ? waiting : others;
        list.push({ executionId: row.id, workflowId: row.workflowId, approval });
        // The oldest of those that wait come last, and are told first.
        if (list.length > MAX_KEPT) isPending ? list.shift() : list.pop();
      }
      if (totals.read % 50 === 0) await pause();
      signal?.throwIfAborted();
    }
    yield { ...totals, waiting: waiting.toSorted(byRequest), others: [...others] };
  }
}

function byRequest(a: RunApproval, b: RunApproval): number {
  return (a.approval.request?.time ?? 0) - (b.approval.request?.time ?? 0) || 0;
}

/** @returns undefined when the log lies in a damaged part of the file. */
async function approvalsOfRow(source: Source, row: ExecutionListing, pause: Pause, signal?: AbortSignal): Promise<readonly Approval[] | undefined> {
  const reader = new ApprovalReader();
  try {
    for await (const chunk of source.scan(row.id, 0, signal)) {
      reader.append(chunk);
      if (chunk.count > 1000) await pause();
    }
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind !== 'damaged') throw error;
    return undefined;
  }
  if (hasEnded(row.status)) reader.end();
  return reader.approvals.toReversed();
}

export function hasEnded(status: string): boolean {
  return (TERMINAL_STATUSES as readonly string[]).includes(status);
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
