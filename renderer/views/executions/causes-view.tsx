import { ChevronDown, ChevronRight } from 'lucide-react';
import { Fragment, type ReactNode, useState } from 'react';
import type { SourceId } from '../../../core/contract/cursor.ts';
import type { CauseView } from '../../../core/contract/executions.ts';
import { explain } from '../../../core/fault.ts';
import { visible } from '../../../core/visible.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useApp } from '../../state/context.ts';
import { count, plural, shortId, span } from '../../widgets/format.ts';
import { moveAmongButtons } from '../timeline/flags.tsx';
import { Time } from './list-columns.tsx';
import { ReadingStatus } from './reading-status.tsx';
import './causes.css';

/** Why the runs of a source ended or wait, the most frequent first. A cause opens its newest runs, and leads to them in the list. */
export function CausesView({ source }: { readonly source: SourceId }) {
  const { answer: causes, fault } = useAnswerOrFault('executions.causes', { source });
  const [opened, setOpened] = useState<string>();
  if (fault !== undefined) {
    return (
      <div className="empty" role="alert">
        {explain(fault)}
      </div>
    );
  }
  if (causes === undefined) return <div className="causes" />;
  return (
    <div className="causes" role="table" aria-label="Causes" onKeyDown={(event) => moveAmongButtons(event, 'ArrowUp', 'ArrowDown')}>
      <div role="row" className="cause head">
        <span role="columnheader" className="number">
          Runs
        </span>
        {['Cause', 'Where', 'When', 'First', 'Last'].map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      {causes.groups.map((group) => {
        const key = `${group.kind} ${group.cause}`;
        const isOpen = key === opened;
        return (
          <Fragment key={key}>
            <CauseRow group={group} isOpen={isOpen} onToggle={() => setOpened(isOpen ? undefined : key)} />
            {isOpen && (
              <div role="row">
                <div role="cell">
                  <Examples group={group} />
                </div>
              </div>
            )}
          </Fragment>
        );
      })}
      {causes.groups.length === 0 && causes.state === 'whole' && <div className="empty">Every run has completed.</div>}
    </div>
  );
}

interface CauseRowProps {
  readonly group: CauseView;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function CauseRow({ group: { kind, cause, runs, workflows, nodes, first, last, starts }, isOpen, onToggle }: CauseRowProps) {
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <div role="row" className={`cause${isOpen ? ' on' : ''}`} onDoubleClick={onToggle}>
      <span role="cell" className="number cause-runs">
        {count(runs)}
      </span>
      <span role="cell" className="cause-what">
        <button type="button" aria-expanded={isOpen} title={visible(cause)} onClick={onToggle}>
          <Chevron size={12} aria-hidden="true" />
          <i className="dot" data-status={toneOf(kind)} aria-hidden="true" />
          <bdi>{emphasized(visible(cause))}</bdi>
        </button>
      </span>
      <span role="cell" className="cause-where" title={[...workflows, ...nodes].map(visible).join('\n')}>
        <bdi>{named(workflows)}</bdi>
        {nodes.length > 0 && <b>{named(nodes)}</b>}
      </span>
      <span role="cell">
        <Histogram starts={starts} tone={toneOf(kind)} />
      </span>
      <span role="cell">
        <Time at={first} usuallyAgo />
      </span>
      <span role="cell">
        <Time at={last} usuallyAgo />
      </span>
    </div>
  );
}

/** The newest runs of a cause; each opens where it began. */
function Examples({ group }: { readonly group: CauseView }) {
  const { list, navigation } = useApp();
  const { kind, cause, runs, examples, listed } = group;
  return (
    <ul className="cause-runs-list" aria-label={`Runs of the cause: ${visible(cause)}`}>
      {examples.map(({ execution, sequence, sentence, startedAt }) => (
        <li key={execution}>
          <button type="button" onClick={() => void navigation.enterExecution(execution, sequence ?? undefined)}>
            <span className="mono">{shortId(execution)}</span>
            <bdi title={sentence}>{sentence}</bdi>
            <Time at={startedAt} usuallyAgo />
            <span className="link">{sequence === null ? 'open' : `#${sequence}`}</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="link" onClick={() => list.showCause({ kind, cause })}>
          {listText(runs, examples.length, listed)}
        </button>
      </li>
    </ul>
  );
}

function listText(runs: number, shown: number, listed: number): string {
  if (listed < runs) return `Show the newest ${count(listed)} of ${plural(runs, 'run')} in the list`;
  return runs > shown ? `${count(runs - shown)} more: all ${plural(runs, 'run')} in the list` : `Show ${plural(runs, 'run')} in the list`;
}

/** How many runs are grouped. */
export function CausesStatus({ source }: { readonly source: SourceId }) {
  const { answer: causes } = useAnswerOrFault('executions.causes', { source });
  if (causes === undefined) return null;
  const grouped = causes.groups.reduce((sum, { runs }) => sum + runs, causes.others);
  return (
    <ReadingStatus source={source} what="causes" reading={causes} label="Grouping runs">
      <b>{count(grouped)}</b> of {count(causes.of)} · {plural(causes.groups.length, 'cause')} · {count(causes.completed)} completed
    </ReadingStatus>
  );
}

/** The status whose colour and shape a cause has. */
function toneOf(kind: string): string {
  if (kind.startsWith('waits') || kind === 'lost-state') return 'paused';
  if (kind === 'limit') return 'limit_exceeded';
  if (kind === 'cancelled' || kind === 'continued' || kind === 'unknown' || kind === 'not-started') return kind === 'cancelled' ? 'cancelled' : 'running';
  return 'failed';
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, 2).map(visible).join(', ');
  return names.length > 2 ? `${shown} and ${names.length - 2} more` : shown;
}

/** What was said is in bold; what was folded stands back. */
function emphasized(cause: string): ReactNode {
  const [, head = '', said = ''] = /^(.*?: )?(.*)$/s.exec(cause) ?? [];
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts never change their order
  const parts = said.split(/(\bN\b|‹(?:id|text)›)/).map((part, i) => (i % 2 === 1 ? <i key={i}>{part}</i> : part));
  return (
    <>
      {head}
      <b>{parts}</b>
    </>
  );
}

const HISTOGRAM = { width: 200, height: 24 } as const;

/** How many of the runs started when. */
function Histogram({ starts: { span: each, counts }, tone }: { readonly starts: CauseView['starts']; readonly tone: string }) {
  const most = Math.max(1, ...counts);
  const { width, height } = HISTOGRAM;
  const step = width / counts.length;
  const path = counts.map((value, i) => (value === 0 ? '' : `M${i * step} ${height}v${-Math.max(2, (value / most) * height)}h${step - 1}V${height}z`)).join('');
  return (
    <svg className="histogram" data-status={tone} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label="Starts over time">
      <title>{`${counts.length} spans of ${span(each)} each, at most ${plural(most, 'run')} in one`}</title>
      <path d={path} />
    </svg>
  );
}
