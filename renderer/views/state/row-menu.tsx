import { ContextMenu } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import type { TreeRow } from '../../../core/contract/slices/tree.ts';
import { useApp, useRun } from '../../state/context.ts';
import { isReadable } from './is-readable.ts';
import { type PathForms, pathForms } from './path-forms.ts';

const PATHS: readonly (readonly [keyof PathForms, string])[] = [
  ['pointer', 'JSON Pointer'],
  ['jsonPath', 'JSONPath'],
  ['jq', 'jq'],
  ['javaScript', 'JavaScript'],
  ['python', 'Python'],
];

interface RowMenuProps {
  /** The row that the menu is about; undefined for none. */
  readonly row: TreeRow | undefined;
  /** Whether the key at a depth of the row's path is an index of an array. */
  readonly isIndex: (depth: number) => boolean;
  readonly children: ReactElement;
}

/** What can be done with a value of the state, on the right mouse button and on the key for context menus. */
export function RowMenu({ row, isIndex, children }: RowMenuProps) {
  const { notices, copyText } = useApp();
  const run = useRun();
  const copy = async (style: 'pretty' | 'compact'): Promise<void> => {
    const value = await run.valueText(row?.pointer ?? '', style);
    if (value.ok) await copyText(value.value.text, 'Value');
    else notices.showFault(value.fault);
  };
  const forms = row === undefined ? undefined : pathForms(row.pointer, isIndex);
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger render={children} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="menu-place">
          <ContextMenu.Popup className="menu" aria-label="Value">
            {row !== undefined && isReadable(row) && <Item onChoose={() => run.read(row.pointer)}>Read the whole text</Item>}
            <Item onChoose={run.showChanges}>Every change</Item>
            <Item onChoose={() => row !== undefined && run.watch(row.pointer)}>Watch</Item>
            <ContextMenu.Separator className="menu-line" />
            <Item onChoose={() => void copy('pretty')}>Copy the value</Item>
            <Item onChoose={() => void copy('compact')}>Copy the value on one line</Item>
            {forms !== undefined &&
              PATHS.map(([form, label]) => (
                <Item key={form} onChoose={() => void copyText(forms[form], 'Path')}>
                  Copy the path as {label} <code className="dim">{forms[form]}</code>
                </Item>
              ))}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Item({ onChoose, children }: { readonly onChoose: () => void; readonly children: React.ReactNode }) {
  return (
    <ContextMenu.Item className="menu-item" onClick={onChoose}>
      {children}
    </ContextMenu.Item>
  );
}
