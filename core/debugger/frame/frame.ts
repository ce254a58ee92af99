import type { Params } from '../../contract/contract.ts';
import type { Frame, SliceName, Want } from '../../contract/frame.ts';
import { FaultError } from '../../fault.ts';
import { incompleteAt } from '../answers/moments.ts';
import type { OpenExecution } from '../open-execution.ts';
import type { FrameMoment, SliceMaker } from '../slices/slice.ts';
import { sliceMakers } from '../slices/slices.ts';
import { indexedMoment } from './indexed.ts';
import { provisionalMoment } from './provisional.ts';

/** The requested slices of one moment. A sequence beyond the end of the log counts as its last one. */
export async function frameAt(execution: OpenExecution, { source, sequence: requested, reading, want }: Params<'frame.at'>): Promise<Frame> {
  const started = performance.now();
  const { history, id } = execution;
  const lastSequence = Math.max(execution.lastSequence, history.lastSequence);
  const sequence = Math.min(requested, lastSequence);
  const isKnown = execution.hasStateAt(sequence);
  const [{ base }, found] = await Promise.all([execution.snapshotsAround(sequence), isKnown ? undefined : provisionalMoment(execution, sequence, reading)]);
  // It may have been indexed meanwhile, or what was indexed may have been dropped.
  const moment = execution.hasStateAt(sequence)
    ? indexedMoment(execution, sequence, reading, base)
    : { base, ...(found ?? (await provisionalMoment(execution, sequence, reading))) };
  const { slices, refused } = await slicesOf(moment, want);
  const known = moment.basis === 'waiting' ? undefined : moment;
  return {
    source,
    execution: id,
    sequence,
    reading,
    lastSequence,
    indexed: history.lastSequence,
    basis: moment.basis,
    fromSnapshot: moment.basis === 'snapshot' ? (moment.base ?? null) : null,
    status: known?.status ?? null,
    statusBefore: known?.statusBefore ?? null,
    incompleteFrom: moment.basis === 'index' ? (incompleteAt(execution, sequence) ?? null) : null,
    integrity: execution.integrity,
    position: moment.position,
    badSequences: execution.badSequences,
    refused,
    slices,
    milliseconds: performance.now() - started,
  };
}

/** The slices that can be made, and why there are none of the state if the runtime would refuse to rebuild it. */
async function slicesOf(moment: FrameMoment, want: Want): Promise<Pick<Frame, 'slices' | 'refused'>> {
  const slices: Record<string, unknown> = {};
  let refused: string | null = null;
  for (const [name, params] of Object.entries(want)) {
    if (params === undefined) continue;
    try {
      const slice = await (sliceMakers[name as SliceName] as SliceMaker<SliceName>)(moment, params);
      if (slice !== undefined) slices[name] = slice;
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.kind !== 'runtime-refuses') throw error;
      refused = error.fault.detail ?? '';
    }
  }
  return { slices, refused };
}
