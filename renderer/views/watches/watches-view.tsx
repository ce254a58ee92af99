import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { WatchedValue } from '../../../core/contract/slices/watches.ts';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { Sparkline } from '../../widgets/sparkline.tsx';

/** Values that stay in sight while the cursor moves. */
export function WatchesView() {
  const { watch } = useRun();
  const watches = useRunState((state) => state.watches);
  const values = useRunState((state) => state.frame?.slices.watches);
  const [text, setText] = useState('');
  const pointer = text.trim().startsWith('/') ? text.trim() : `/${text.trim().replaceAll('.', '/')}`;
  const isPath = /^(\/([^~/]|~[01])*)*$/.test(pointer);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '' || !isPath) return;
    watch(pointer);
    setText('');
  };
  return (
    <div className="side-view">
      <form className="side-head" onSubmit={add}>
        <label className="field">
          <input aria-label="Path to watch" placeholder="/order/total" value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        {text.trim() !== '' && !isPath && <p role="alert">A path has ~ only as ~0 (for ~) and ~1 (for /).</p>}
      </form>
      {watches.length === 0 ? (
        <div className="empty">A path that you add here, or a value that you watch in the tree, stays in sight while the cursor moves.</div>
      ) : (
        <div className="side-list" role="list" aria-label="Watches" tabIndex={0}>
          {watches.map((pointer) => (
            <Watch key={pointer} pointer={pointer} value={values?.find((known) => known.pointer === pointer)} />
          ))}
        </div>
      )}
    </div>
  );
}

function Watch({ pointer, value }: { readonly pointer: string; readonly value: WatchedValue | undefined }) {
  const { source, execution, unwatch, select, setSide } = useRun();
  const reading = useRunState((state) => state.reading);
  const sequence = useRunState((state) => state.sequence);
  const last = useRunState((state) => state.frame?.lastSequence ?? state.view.lastSequence);
  const points = useAnswer('explain.changes', { source, execution, pointer })?.points ?? [];
  const showChanges = (): void => {
    select(pointer);
    setSide('changes');
  };
  return (
    <div className="watch" role="listitem" data-change={value?.change ?? undefined}>
      <button type="button" className="link" title={`Every change of ${pointer}`} onClick={showChanges}>
        <bdi>{pointer}</bdi>
      </button>
      <Sparkline points={reading === 'replay' ? points : []} last={last} at={sequence} height={18} />
      <bdi className={`watch-value json-${value?.type ?? 'null'}`} title={value?.text}>
        {value === undefined ? '…' : value.type === undefined ? 'no value' : value.text}
      </bdi>
      <button type="button" className="icon-button" aria-label={`Stop watching ${pointer}`} onClick={() => unwatch(pointer)}>
        <X size={12} aria-hidden="true" />
      </button>
    </div>
  );
}
