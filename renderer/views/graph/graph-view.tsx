import { type ReactNode, useRef } from 'react';
import type { GraphLayout, GraphShape } from '../../../core/contract/graph.ts';
import { explain, type Fault } from '../../../core/fault.ts';
import { visible } from '../../../core/visible.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { bytes, count, plural } from '../../widgets/format.ts';
import { GraphCanvas } from './graph-canvas.tsx';
import { pngBytes, svgText } from './graph-image.ts';
import './graph.css';

/** The run's workflow, with each node in its condition at the cursor. */
export function GraphView() {
  const { source, execution } = useRun();
  const foldLoops = useRunState((state) => state.foldLoops);
  // That of the other form has other indices.
  const graph = useRunState(({ frame }) => (frame?.slices.graph?.foldLoops === foldLoops ? frame.slices.graph : undefined));
  const svg = useRef<SVGSVGElement>(null);
  const { answer: shape, fault } = useAnswerOrFault('graph.shape', { source, execution, foldLoops });
  const { answer: layout, fault: layoutFault } = useAnswerOrFault('graph.layout', { source, execution, foldLoops });
  if (shape === undefined || (layout === undefined && layoutFault === undefined)) return <Empty fault={fault}>Reading the log and laying out…</Empty>;
  if (shape.nodes.length === 0) return <Empty fault={undefined}>There is no definition of this version, and no event names a node.</Empty>;
  if (layout === undefined) return <Empty fault={layoutFault}>The graph could not be laid out.</Empty>;
  return (
    <div className="graph-view">
      <GraphCanvas key={String(foldLoops)} shape={shape} layout={layout} graph={graph} svg={svg} />
      <div className="graph-foot">
        <span className="dim grow">
          <Origin shape={shape} />
        </span>
        <Exports drawn={() => svg.current} layout={layout} />
      </div>
    </div>
  );
}

function Empty({ fault, children }: { readonly fault: Fault | undefined; readonly children: ReactNode }) {
  return <div className="empty">{fault === undefined ? children : explain(fault)}</div>;
}

/** What the graph is made from. */
function Origin({ shape: { from, version, total, leftOut } }: { readonly shape: GraphShape }) {
  const size = leftOut === 0 ? plural(total, 'node') : `the first ${count(total)} of ${count(total + leftOut)} nodes`;
  return from === 'events' ? (
    <span title="The database has no definition of this version. Edges lead from the nodes that completed to those that began after them.">
      derived from the events · {size}
    </span>
  ) : (
    <>
      definition <bdi>{visible(version)}</bdi> · {size}
    </>
  );
}

/** The picture of the graph at the cursor, in the clipboard or in a file. */
function Exports({ drawn, layout }: { readonly drawn: () => SVGSVGElement | null; readonly layout: GraphLayout }) {
  const { client, copyText, notices } = useApp();
  const { source, execution } = useRun();
  const sequence = useRunState((state) => state.frame?.sequence ?? state.sequence);
  const textOf = (): string => {
    const svg = drawn();
    return svg === null ? '' : svgText(svg, layout);
  };
  const save = async (format: 'svg' | 'png'): Promise<void> => {
    const text = textOf();
    const image = format === 'svg' ? ({ format, text } as const) : ({ format, bytes: await pngBytes(text, layout) } as const);
    const saved = await client.ask('host.saveImage', { source, execution, sequence, image });
    if (!saved.ok) notices.showFault(saved.fault);
    else if (saved.value !== null) notices.showNotice(`${bytes(saved.value.bytes)} written to ${saved.value.path}`);
  };
  return (
    <>
      <button type="button" className="button" onClick={() => void copyText(textOf(), 'Graph')}>
        Copy as SVG
      </button>
      <button type="button" className="button" onClick={() => void save('svg')}>
        Save as SVG…
      </button>
      <button type="button" className="button" onClick={() => void save('png')}>
        Save as PNG…
      </button>
    </>
  );
}
