import { memo } from 'react';
import type { GraphLayout, GraphPoint, GraphShape } from '../../../core/contract/graph.ts';
import { visible } from '../../../core/visible.ts';
import { ACTIVE_CONDITIONS, type NodeCondition } from '../../../core/vocabulary.ts';
import { plural, words } from '../../widgets/format.ts';
import { CONDITION_SIGNS, NOT_YET } from './condition-sign.ts';

/** What a node is at the cursor. */
export interface NodeState {
  /** undefined until the log is indexed up to the cursor. */
  readonly condition: NodeCondition | undefined;
  readonly attempts: number;
  /** Whether it may still run. */
  readonly reachable: boolean;
}

interface NodeProps extends NodeState {
  /** Whether the run has ended at the cursor, so that nothing goes on. */
  readonly hasEnded: boolean;
  readonly index: number;
  readonly node: GraphShape['nodes'][number];
  readonly isDerived: boolean;
  readonly place: GraphPoint;
  readonly size: GraphLayout['node'];
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly onSelect: (index: number) => void;
  readonly onFocus: (index: number) => void;
}

const TEXT_LEFT = 32;
const RIGHT = 10;
/** The most characters of the second line, with the kind of the node. */
const LINE = 27;

/** A node with its condition. Only nodes that changed are drawn again. */
export const GraphNode = memo(function GraphNode(props: NodeProps) {
  const { index, node, isDerived, place, size, condition, attempts, reachable, hasEnded, isSelected, isTabStop, onSelect, onFocus } = props;
  const state = condition === undefined ? '' : condition === 'never' && reachable ? NOT_YET : conditionWords(condition, hasEnded);
  const said = [state, attempts > 0 ? plural(attempts, 'start') : ''].filter((part) => part !== '');
  const kind = node.kind !== null ? words(node.kind) : node.declared || isDerived ? '' : 'not in the definition';
  const line = said.join(' · ');
  const label = node.members.length > 1 ? `${node.label} ×${node.members.length}` : node.label;
  const isDead = (condition === 'never' || condition === 'skipped') && !reachable;
  return (
    <g
      className="graph-node"
      role="button"
      tabIndex={isTabStop ? 0 : -1}
      aria-label={[visible(label), ...said].join(', ')}
      aria-pressed={isSelected}
      data-node={index}
      data-condition={condition}
      data-dead={isDead || undefined}
      transform={`translate(${place.x} ${place.y})`}
      onClick={() => onSelect(index)}
      onFocus={() => onFocus(index)}
    >
      <title>
        {[label, kind, line, node.description ?? '']
          .filter((part) => part !== '')
          .map(visible)
          .join('\n')}
      </title>
      <rect className="graph-selected" x={-4} y={-4} width={size.width + 8} height={size.height + 8} rx={10} />
      <rect className="graph-box" width={size.width} height={size.height} rx={7} />
      {condition !== undefined && <path className="graph-sign" d={CONDITION_SIGNS[condition].path} transform="translate(9 9)" fillRule="evenodd" />}
      {/* An inner svg cuts a long name. */}
      <svg x={TEXT_LEFT} y={4} width={size.width - TEXT_LEFT - RIGHT} height={20} aria-hidden="true">
        <text className="graph-label" y={15}>
          {shortened(visible(label))}
        </text>
      </svg>
      <text className="graph-said" x={TEXT_LEFT} y={38} aria-hidden="true">
        {line}
      </text>
      {line.length + kind.length < LINE && (
        <text className="graph-kind" x={size.width - RIGHT} y={38} textAnchor="end" aria-hidden="true">
          {visible(kind)}
        </text>
      )}
    </g>
  );
});

/** What a node was doing when its run ended, it does no longer. */
function conditionWords(condition: NodeCondition, hasEnded: boolean): string {
  return `${hasEnded && ACTIVE_CONDITIONS.has(condition) ? 'was ' : ''}${CONDITION_SIGNS[condition].words}`;
}

/** The most characters of a name, and how many of its end are kept. */
const NAME = 21;
const TAIL = 8;

/** The beginning and the end of a long name, which often ends in a number. */
function shortened(name: string): string {
  const characters = [...name];
  return characters.length <= NAME ? name : `${characters.slice(0, NAME - TAIL - 1).join('')}…${characters.slice(-TAIL).join('')}`;
}

interface EdgeProps {
  readonly place: GraphLayout['edges'][number];
  readonly condition: string | null;
  readonly way: 'taken' | 'open' | 'dead' | undefined;
}

/** An edge, with its condition where there is room for it. */
export const GraphEdge = memo(function GraphEdge({ place: { points, label }, condition, way }: EdgeProps) {
  const [before, end] = [points.at(-2), points.at(-1)];
  if (before === undefined || end === undefined) return null;
  const corners = points.map(({ x, y }) => `${x},${y}`).join(' ');
  return (
    <g className="graph-edge" data-way={way} aria-hidden="true">
      {condition !== null && <title>{visible(condition)}</title>}
      <polyline className="graph-line" points={corners} />
      {/* The pointer need not be exactly on the line to be told its condition. */}
      {condition !== null && <polyline className="graph-near" points={corners} />}
      <polygon className="graph-arrow" points="0,0 -8,-4 -8,4" transform={`translate(${end.x} ${end.y}) rotate(${angle(before, end)})`} />
      {condition !== null && label !== null && (
        <>
          <rect className="graph-condition-back" {...label} rx={4} />
          <text className="graph-condition" x={label.x + label.width / 2} y={label.y + label.height / 2 + 4} textAnchor="middle">
            {cut(visible(condition))}
          </text>
        </>
      )}
    </g>
  );
});

/** As many characters as the layout leaves room for. */
const CONDITION = 28;

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= CONDITION ? text : `${characters.slice(0, CONDITION - 1).join('')}…`;
}

function angle(from: GraphPoint, to: GraphPoint): number {
  return (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
}
