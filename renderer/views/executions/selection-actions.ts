import type { SourceId } from '../../../core/contract/cursor.ts';
import type { RowForm } from '../../../core/vocabulary.ts';
import { useApp } from '../../state/context.ts';
import { listParams } from '../../state/executions-list.ts';
import { rangesOf } from '../../state/selection.ts';
import { count, plural } from '../../widgets/format.ts';

/** How many executions are opened at once: each is indexed, and has a tab. */
const MAX_TABS = 20;

export interface SelectionActions {
  readonly copy: (form: RowForm) => Promise<void>;
  readonly openInTabs: () => Promise<void>;
}

/** What can be done with the selected executions, whether or not their rows are on screen. */
export function useSelectionActions(source: SourceId): SelectionActions {
  const { client, list, notices, navigation, copyText } = useApp();
  /** The selected rows, or else the one that the keys are at, as a request has them. */
  const selection = () => {
    const state = list.store.getState();
    const ranges = rangesOf(state.selected);
    const chosen: typeof ranges = ranges.length > 0 ? ranges : [[state.focused, state.focused]];
    return { params: { ...listParams(source, state), ranges: chosen }, selected: chosen.reduce((sum, [first, last]) => sum + last - first + 1, 0) };
  };
  return {
    copy: async (form) => {
      const { params, selected } = selection();
      const text = await notices.during('Copying…', client.ask('executions.text', { ...params, form }));
      if (!text.ok) notices.showFault(text.fault);
      // Ids are separated by line breaks, of which a single one needs none.
      else await copyText(form === 'ids' ? text.value.text.trimEnd() : text.value.text, form === 'ids' ? plural(selected, 'id') : plural(selected, 'row'));
    },
    openInTabs: async () => {
      const { params, selected } = selection();
      const ids = await client.ask('executions.ids', { ...params, limit: MAX_TABS });
      if (!ids.ok) return notices.showFault(ids.fault);
      for (const id of ids.value) await navigation.enterExecution(id, undefined, { newTab: true });
      if (selected > ids.value.length) notices.showNotice(`Opened the first ${ids.value.length} of ${count(selected)}: no more are opened at once.`);
    },
  };
}
