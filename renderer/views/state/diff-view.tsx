import { useEffect, useState } from 'react';
import type { DiffRows } from '../../../core/contract/slices/diff.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import type { Against, RunState } from '../../state/run-state.ts';
import { count } from '../../widgets/format.ts';
import { Place } from '../../widgets/place.tsx';
import { typedSequence } from '../../widgets/sequence-text.ts';
import { comparedTurn } from './compared-turn.ts';
import { DiffTextView } from './diff-text-view.tsx';
import { NoChanges } from './no-changes.tsx';

export const DIFF_ROWS = 500;

const CHOICES: Readonly<Record<Against, string>> = {
  step: 'the event before',
  turn: 'the turn before',
  change: 'the change before',
  snapshot: 'the snapshot before',
  pinned: 'event',
  start: 'the beginning',
};

/** The forms in which the changes are copied. */
const COPIED = { 'json-patch': 'JSON Patch', 'merge-patch': 'merge patch', unified: 'text' } as const;

/** The sequence that the cursor is compared with; null for the state before its event, `turn` for the states before and after its turn. */
export function comparedWith({ against, pinned, beforeChange, frame }: RunState): number | 'turn' | null {
  if (against === 'turn') return 'turn';
  if (against === 'pinned') return pinned ?? null;
  if (against === 'change') return beforeChange;
  if (against === 'snapshot') return frame?.slices.recovery?.base ?? 0;
  return against === 'start' ? 0 : null;
}

/** The changes that led to the state at the cursor, path by path. */
export function DiffView() {
  const asText = useRunState((state) => state.diffAsText);
  return (
    <div className="diff-view">
      <AgainstBar />
      {asText ? <DiffTextView /> : <Changes />}
    </div>
  );
}

function AgainstBar() {
  const { notices, copyText } = useApp();
  const run = useRun();
  const against = useRunState((state) => state.against);
  const pinned = useRunState((state) => state.pinned);
  const compared = useRunState(comparedWith);
  const turn = useRunState(comparedTurn);
  const cursor = useRunState((state) => state.frame?.sequence ?? state.sequence);
  // Until the turn is known there is nothing to copy; without one, nothing has changed.
  const isKnown = compared !== 'turn' || turn !== undefined;
  const sequence = compared === 'turn' ? (turn == null ? cursor : turn.from - 1) : compared;
  const asText = useRunState((state) => state.diffAsText);
  const copy = async (form: keyof typeof COPIED): Promise<void> => {
    const patch = await run.patchText(sequence ?? Math.max(0, cursor - 1), form, turn?.to);
    if (patch.ok) await copyText(patch.value.text, 'Patch');
    else notices.showFault(patch.fault);
  };
  return (
    <div className="bar">
      <label>
        since{' '}
        <select aria-label="Compared with" value={against} onChange={(event) => void run.compareWith(event.target.value as Against)}>
          {(Object.keys(CHOICES) as Against[]).map((name) => (
            <option key={name} value={name}>
              {CHOICES[name]}
            </option>
          ))}
        </select>
      </label>
      {against === 'pinned' && <PinnedField pinned={pinned} />}
      {turn != null && (
        <span className="dim">
          turn {turn.turn}, <Place sequence={turn.from} /> to <Place sequence={turn.to} />
        </span>
      )}
      {compared !== 'turn' && sequence !== null && <Place sequence={sequence} />}
      <button type="button" className="link" title="Compares with this moment from now on (P)" onClick={() => run.pin()}>
        pin #{cursor}
      </button>
      <label className="check">
        <input type="checkbox" checked={asText} onChange={(event) => run.showDiffAsText(event.target.checked)} /> as text
      </label>
      <span className="grow" />
      <span className="copy-as">
        Copy
        {(Object.keys(COPIED) as (keyof typeof COPIED)[]).map((form) => (
          <button key={form} type="button" className="link" aria-label={`Copy as ${COPIED[form]}`} disabled={!isKnown} onClick={() => void copy(form)}>
            {COPIED[form]}
          </button>
        ))}
      </span>
    </div>
  );
}

/** The sequence that is compared with. What is no sequence is said, and changes nothing. */
function PinnedField({ pinned }: { readonly pinned: number | undefined }) {
  const { pin } = useRun();
  const last = useRunState((state) => Math.max(state.view.lastSequence, state.frame?.lastSequence ?? 0));
  const [text, setText] = useState(String(pinned ?? ''));
  const { sequence, problem } = typedSequence(text, last);
  // It may be pinned elsewhere.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed is applied at once
  useEffect(() => {
    if (pinned !== sequence) setText(String(pinned ?? ''));
  }, [pinned]);
  const type = (typed: string): void => {
    setText(typed);
    const next = typedSequence(typed, last).sequence;
    if (next !== undefined) pin(next);
  };
  return (
    <>
      <input
        className="diff-sequence"
        aria-label="Sequence to compare with"
        inputMode="numeric"
        aria-invalid={problem !== undefined}
        value={text}
        onChange={({ target }) => type(target.value)}
      />
      {problem !== undefined && (
        <span role="alert" className="warning">
          {problem}
        </span>
      )}
    </>
  );
}

function Changes() {
  const diff = useRunState((state) => state.frame?.slices.diff);
  if (diff === undefined) return <div className="empty">Reading…</div>;
  if (diff.total === 0) return <NoChanges />;
  return (
    <div className="diff selectable" role="list" aria-label="Changes">
      {diff.rows.map(({ kind, pointer, label, old, new: now, parts }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two removed items of an array may have the same path, and rows never move
        <div key={`${index} ${pointer}`} role="listitem" className="diff-row" data-change={kind}>
          <span className="sign">{kind === 'added' ? '+' : kind === 'removed' ? '−' : '~'}</span>
          <bdi className="diff-path">{pointer === '' ? '(the whole state)' : label}</bdi>
          <span className="diff-values">{parts === null ? <Values old={old} now={now} /> : <Words parts={parts} />}</span>
        </div>
      ))}
      {diff.coarse.map((pointer) => (
        <p key={pointer} className="dim diff-more">
          The items of <bdi className="diff-path">{pointer === '' ? 'the state' : pointer}</bdi> differ too much to match; they are compared by index.
        </p>
      ))}
      {diff.total > diff.rows.length && (
        <p className="dim diff-more">
          Showing {count(diff.rows.length)} of {count(diff.total)}
          {diff.more ? ' or more' : ''}; export the states to compare them in full.
        </p>
      )}
    </div>
  );
}

function Values({ old, now }: { readonly old: string | null; readonly now: string | null }) {
  return (
    <>
      {old !== null && <del className="json-old">{old}</del>}
      {old !== null && now !== null && <span className="dim"> → </span>}
      {now !== null && <ins>{now}</ins>}
    </>
  );
}

/** A changed text, with its old and new words in place. */
function Words({ parts }: { readonly parts: NonNullable<DiffRows['rows'][number]['parts']> }) {
  return parts.map(({ op, text }, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts never move
    if (op === 'same') return <span key={index}>{text}</span>;
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts never move
    return op === 'removed' ? <del key={index}>{text}</del> : <ins key={index}>{text}</ins>;
  });
}
