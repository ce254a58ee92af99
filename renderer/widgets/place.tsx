import { useRun } from '../state/context.ts';

/** A sequence that leads to its event. */
export function Place({ sequence }: { readonly sequence: number }) {
  const { moveTo } = useRun();
  return (
    <button type="button" className="link" onClick={() => moveTo(sequence, { jump: true })}>
      #{sequence}
    </button>
  );
}
