import { ChevronDown, ChevronUp } from 'lucide-react';

/** The buttons that go to the place before and to the next one. */
export function PlaceSteps({ onStep }: { readonly onStep: (by: 1 | -1) => void }) {
  return (
    <>
      <button type="button" className="icon-button" aria-label="Previous place" onClick={() => onStep(-1)}>
        <ChevronUp aria-hidden="true" />
      </button>
      <button type="button" className="icon-button" aria-label="Next place" onClick={() => onStep(1)}>
        <ChevronDown aria-hidden="true" />
      </button>
    </>
  );
}
