import type { ReactElement } from 'react';
import type { TreeRow } from '../../../core/contract/slices/tree.ts';
import { useApp, useRun } from '../../state/context.ts';
import { showAsColumn } from '../../state/event-columns.ts';
import { ContextMenu } from '../../widgets/context-menu.tsx';
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
  readonly children: ReactElement;
}

/** What can be done with a value of the state. */
export function RowMenu({ row, children }: RowMenuProps) {
  const app = useApp();
  const { notices, copyText } = app;
  const run = useRun();
  const copy = async (pointer: string, style: 'pretty' | 'compact'): Promise<void> => {
    const value = await run.valueText(pointer, style);
    if (value.ok) await copyText(value.value.text, 'Value');
    else notices.showFault(value.fault);
  };
  if (row === undefined) {
    return (
      <ContextMenu label="Value" groups={[]}>
        {children}
      </ContextMenu>
    );
  }
  const { pointer, indexDepths } = row;
  const forms = pathForms(pointer, (depth) => indexDepths.includes(depth));
  const explaining = [
    ...(isReadable(row) ? [{ label: 'Read the whole text', onChoose: () => run.read(pointer) }] : []),
    ...artifactEntry(row, run),
    { label: 'Every change', onChoose: run.showChanges },
    { label: 'Watch', onChoose: () => run.watch(pointer) },
    ...(row.type === 'number' && pointer !== '' ? [{ label: 'Show as a track', onChoose: () => run.showTrack(pointer) }] : []),
    ...(pointer === '' ? [] : [{ label: 'Show as a column of the events', onChoose: () => showAsColumn(app, pointer) }]),
    // A filter cannot name the whole state, nor a key with a quote.
    ...(pointer === '' || pointer.includes('"')
      ? []
      : [{ label: 'Only events that change it', hint: `changed:${pointer}`, onChoose: () => run.setFilter(`changed:"${pointer}"`) }]),
  ];
  const copying = [
    { label: 'Copy the value', onChoose: () => void copy(pointer, 'pretty') },
    { label: 'Copy the value on one line', onChoose: () => void copy(pointer, 'compact') },
    ...PATHS.map(([form, name]) => ({ label: `Copy the path as ${name}`, hint: forms[form], onChoose: () => void copyText(forms[form], 'Path') })),
  ];
  return (
    <ContextMenu label="Value" groups={[explaining, copying]}>
      {children}
    </ContextMenu>
  );
}

function artifactEntry({ artifact }: TreeRow, { readArtifact }: ReturnType<typeof useRun>) {
  return artifact === undefined ? [] : [{ label: 'Read the artifact', onChoose: () => readArtifact(artifact) }];
}
