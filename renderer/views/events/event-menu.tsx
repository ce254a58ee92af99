import type { ReactElement } from 'react';
import type { EventListRow } from '../../../core/contract/events.ts';
import { useRun } from '../../state/context.ts';
import { ContextMenu } from '../../widgets/context-menu.tsx';

/** What can be done with an event of the list. @param row undefined for none. */
export function EventMenu({ row, children }: { readonly row: EventListRow | undefined; readonly children: ReactElement }) {
  const run = useRun();
  if (row === undefined) {
    return (
      <ContextMenu label="Event" groups={[]}>
        {children}
      </ContextMenu>
    );
  }
  const { sequence, node, type, category } = row;
  const narrow = (term: string): void => run.setFilter(`${run.store.getState().filter.trim()} ${term}`.trim().slice(0, 500));
  const entry = (label: string, term: string) => ({ label, hint: term, onChoose: () => narrow(term) });
  const quotedNode = node === null ? undefined : `node:${/^[\w.-]+$/.test(node) ? node : `"${node.replaceAll('"', '')}"`}`;
  const filters = [
    ...(quotedNode === undefined ? [] : [entry('Only this node', quotedNode), entry('Hide this node', `-${quotedNode}`)]),
    entry('Only this kind', `type:${type}`),
    entry('Hide this kind', `-type:${type}`),
    entry('Only this category', `category:${category}`),
    entry('Only what comes after', `after:#${sequence}`),
    entry('Only what comes before', `before:#${sequence}`),
  ];
  const others = [{ label: 'Read the stored text', onChoose: () => run.readEvent(sequence) }];
  return (
    <ContextMenu label="Event" groups={[filters, others]}>
      {children}
    </ContextMenu>
  );
}
