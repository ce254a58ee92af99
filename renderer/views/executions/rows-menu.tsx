import type { ReactElement } from 'react';
import type { RowForm } from '../../../core/vocabulary.ts';
import type { Answer } from '../../client.ts';
import { useApp } from '../../state/context.ts';
import { ContextMenu } from '../../widgets/context-menu.tsx';
import { words } from '../../widgets/format.ts';
import type { SelectionActions } from './selection-actions.ts';

/** The tables as which rows are copied. */
export const TABLE_FORMS: Readonly<Record<Exclude<RowForm, 'ids'>, string>> = { tsv: 'TSV', csv: 'CSV', json: 'JSON', markdown: 'Markdown' };

interface RowsMenuProps {
  /** The row under the right mouse button; undefined before there was one. */
  readonly row: Answer<'executions.page'>['rows'][number] | undefined;
  /** How many rows are selected. */
  readonly count: number;
  readonly actions: SelectionActions;
  readonly children: ReactElement;
}

/** What can be done with the selected executions. */
export function RowsMenu({ row, count, actions, children }: RowsMenuProps) {
  const { list, navigation } = useApp();
  const { setQuery } = list;
  const opening = count > 1 || row === undefined ? [] : [{ label: 'Open', onChoose: () => void navigation.enterExecution(row.id) }];
  const limiting =
    row === undefined
      ? []
      : [
          { label: 'Only this workflow', hint: row.workflowId, onChoose: () => setQuery({ workflow: row.workflowId }) },
          { label: 'Only this status', hint: words(row.status), onChoose: () => setQuery({ status: row.status }) },
          { label: 'Only this tenant', hint: row.tenantId, onChoose: () => setQuery({ tenant: row.tenantId }) },
        ];
  const copying = (Object.keys(TABLE_FORMS) as (keyof typeof TABLE_FORMS)[]).map((form) => ({
    label: `Copy ${count > 1 ? `${count.toLocaleString('en')} rows` : 'the row'} as ${TABLE_FORMS[form]}`,
    onChoose: () => void actions.copy(form),
  }));
  const groups = [
    [...opening, { label: count > 1 ? `Open ${count.toLocaleString('en')} in tabs` : 'Open in a tab of its own', onChoose: () => void actions.openInTabs() }],
    [{ label: count > 1 ? `Copy ${count.toLocaleString('en')} ids` : 'Copy the id', onChoose: () => void actions.copy('ids') }, ...copying],
    limiting,
  ].filter((group) => group.length > 0);
  return (
    <ContextMenu label="Executions" groups={groups}>
      {children}
    </ContextMenu>
  );
}
