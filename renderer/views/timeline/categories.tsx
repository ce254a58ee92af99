import type { MouseEvent } from 'react';
import type { TimelineView } from '../../../core/contract/timeline.ts';
import { categoriesOf, withCategories } from '../../state/category-filter.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { CategoryMark } from '../../widgets/category-mark.tsx';
import { count, plural } from '../../widgets/format.ts';

/** The legend of the categories, with how many events of each are in the range. A click keeps only that one, here and in the list. */
export function Categories({ detail }: { readonly detail: TimelineView | undefined }) {
  const { setFilter } = useRun();
  const filter = useRunState((state) => state.filter);
  const chosen = categoriesOf(filter);
  const choose = (category: string, { altKey, ctrlKey, metaKey, shiftKey }: MouseEvent): void => {
    const isChosen = chosen.includes(category);
    const others = altKey || ctrlKey || metaKey || shiftKey ? chosen.filter((name) => name !== category) : [];
    const isOnly = isChosen && chosen.length === 1;
    const adds = others.length > 0 || altKey || ctrlKey || metaKey || shiftKey ? !isChosen : !isOnly;
    setFilter(withCategories(filter, adds ? [...others, category] : others));
  };
  const totals = (detail?.categories ?? []).map((category, kind) => {
    let total = 0;
    for (let at = kind; at < (detail as TimelineView).counts.length; at += (detail as TimelineView).categories.length)
      total += (detail as TimelineView).counts[at] as number;
    return { category, total };
  });
  return (
    <div className="categories" role="group" aria-label="Categories in view">
      {totals
        .filter(({ category, total }) => total > 0 || chosen.includes(category))
        .map(({ category, total }) => (
          <button
            key={category}
            type="button"
            aria-pressed={chosen.includes(category)}
            className={chosen.length > 0 && !chosen.includes(category) ? 'category other' : 'category'}
            aria-label={`${category}, ${plural(total, 'event')} in view`}
            title={`Only ${category}. With Ctrl or Alt: this one, too.`}
            onClick={(event) => choose(category, event)}
          >
            <CategoryMark category={category} />
            {category} <b>{count(total)}</b>
          </button>
        ))}
    </div>
  );
}
