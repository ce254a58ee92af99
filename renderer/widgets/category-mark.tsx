import type { EventDetail } from '../../core/contract/slices/event.ts';

type Category = EventDetail['category'];

const SHAPES: Readonly<Record<Category, string>> = {
  lifecycle: 'M8 1l7 7-7 7-7-7z',
  node: 'M3.5 4h9A1.5 1.5 0 0 1 14 5.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 10.5v-5A1.5 1.5 0 0 1 3.5 4z',
  failure: 'M3.2 1L8 5.8 12.800 1 15 3.200 10.200 8 15 12.800 12.800 15 8 10.200 3.200 15 1 12.800 5.800 8 1 3.200z',
  human: 'M8 1l6 3.500v7L8 15l-6-3.500v-7z',
  timer: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z',
  child: 'M2 2h8v3H5v5H2zM6 6h8v8H6z',
  budget: 'M8 2l7 12H1z',
  policy: 'M1 3h14L8 15z',
  strategy: 'M8 1l2 5h5l-4 3.200L12.500 15 8 11.500 3.500 15 5 9.200 1 6h5z',
  coordinator: 'M8 1l7 5.200-2.700 8.300H3.700L1 6.200z',
  agent: 'M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zm0 4a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z',
  external: 'M2 6.500h7V2.500L15 8l-6 5.500v-4H2z',
  unknown: 'M2 2h12v12H2zm3 3v6h6V5z',
};

/** The sign of a category. Its shape differs, so that colour alone never carries meaning. */
export function CategoryMark({ category }: { readonly category: Category }) {
  return (
    <svg className="mark" data-category={category} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[category]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}
