import { Command } from 'cmdk';
import type { SourceId } from '../../../core/contract/cursor.ts';
import { useAnswer } from '../../state/answers.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { CategoryMark } from '../../widgets/category-mark.tsx';
import { shownId, words } from '../../widgets/format.ts';
import { Found } from './found.tsx';

/** How many events and executions are offered, and how many nodes. */
const MOST = 6;

interface FoundProps {
  readonly text: string;
  /** Closes the palette and acts. */
  readonly choose: (action: () => void) => void;
}

/** `123` or `#123`. */
function sequenceOf(text: string): number | undefined {
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** The sequence that a number means. */
export function SequenceFound({ text, choose }: FoundProps) {
  const { moveTo } = useRun();
  const last = useRunState((state) => state.frame?.lastSequence ?? state.view.lastSequence);
  const sequence = sequenceOf(text);
  if (sequence === undefined || sequence > last) return null;
  return (
    <Command.Item className="palette-item" value="go" onSelect={() => choose(() => moveTo(sequence, { jump: true }))}>
      Go to #{sequence}
    </Command.Item>
  );
}

/** The nodes and the events of the execution on screen. */
export function RunFound({ text, choose }: FoundProps) {
  const { source, execution, moveTo, setFilter, toMatch } = useRun();
  const sequence = sequenceOf(text);
  const nodes = useAnswer('timeline.nodes', { source, execution, text: text.slice(0, 500), count: MOST }, { keep: true });
  // A number is a sequence, and its event is what is there.
  const filter = sequence === undefined ? text.slice(0, 400) : `after:#${Math.max(0, sequence - 1)} before:#${sequence + 1}`;
  const events = useAnswer('events.page', { source, execution, from: 0, count: MOST, filter }, { keep: sequence === undefined });
  const showNode = (node: string): void => {
    setFilter(`node:"${node.replaceAll('"', '')}"`);
    void toMatch('first');
  };
  return (
    <>
      <Found heading="Nodes">
        {(nodes ?? []).map((node) => (
          <Command.Item key={node} className="palette-item" value={`node ${node}`} onSelect={() => choose(() => showNode(node))}>
            <bdi>{node}</bdi> <span className="dim palette-rest">its events</span>
          </Command.Item>
        ))}
      </Found>
      <Found heading="Events">
        {(events?.rows ?? []).map(({ sequence: at, category, node, type, summary }) => (
          <Command.Item key={at} className="palette-item" value={`event ${at}`} onSelect={() => choose(() => moveTo(at, { jump: true }))}>
            <CategoryMark category={category} /> #{at} {node !== null && <bdi>{node}</bdi>} {words(type)} <bdi className="dim palette-rest">{summary}</bdi>
          </Command.Item>
        ))}
      </Found>
    </>
  );
}

/** The executions of the open database whose id, workflow, status or tenant has the text. */
export function ExecutionsFound({ source, text, choose }: FoundProps & { readonly source: SourceId }) {
  const { navigation } = useApp();
  const query = { source, text: text.replace(/^exec_/, '').slice(0, 400), sort: 'started' as const, descending: true, offset: 0, limit: MOST };
  const page = useAnswer('executions.page', query, { keep: true });
  return (
    <Found heading="Executions">
      {(page?.rows ?? []).map(({ id, workflowId, status }) => (
        <Command.Item key={id} className="palette-item" value={`execution ${id}`} onSelect={() => choose(() => void navigation.enterExecution(id))}>
          <span className="dot" data-status={status} /> <bdi>{workflowId}</bdi> <span className="dim palette-rest mono">{shownId(id)}</span>
        </Command.Item>
      ))}
    </Found>
  );
}
