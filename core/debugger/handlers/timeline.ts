import type { HandlersFor } from '../../contract/contract.ts';
import type { Engine } from '../engine.ts';
import { matchesOf } from '../matches.ts';
import { lanesOf, nodeOfLane } from '../node-lanes.ts';
import { nodeWorkAt } from '../node-work.ts';
import { runPaced } from '../pacing.ts';
import { hasBegun } from '../running-filter.ts';
import { matchesByColumn, timelineLanes, timelineView } from '../timeline.ts';
import { timelineTracks } from '../tracks.ts';

export function timelineHandlers(engine: Engine) {
  return {
    'timeline.view': async ({ source, execution, foldLoops, ...part }, cancelled) => {
      const signal = engine.untilClosed(source, cancelled);
      const opened = await engine.execution({ source, execution });
      const lanes = await lanesOf(opened, foldLoops);
      return runPaced(timelineView(opened, { ...part, to: Math.max(part.from, part.to) }, lanes), engine.pause, signal);
    },
    'timeline.lanes': async ({ source, execution, foldLoops, lanes, ...part }, cancelled) => {
      const signal = engine.untilClosed(source, cancelled);
      const opened = await engine.execution({ source, execution });
      const nodeLanes = await lanesOf(opened, foldLoops);
      return runPaced(timelineLanes(opened, { ...part, to: Math.max(part.from, part.to) }, lanes, nodeLanes), engine.pause, signal);
    },
    'timeline.laneNode': async ({ sequence, lane, foldLoops, ...execution }) => {
      const opened = await engine.execution(execution);
      return nodeOfLane(opened.history, (await lanesOf(opened, foldLoops)).nodesOf(lane), opened.history.positionAt(sequence));
    },
    'timeline.work': async ({ sequence, lane, foldLoops, ...execution }, cancelled) => {
      const signal = engine.untilClosed(execution.source, cancelled);
      const opened = await engine.execution(execution);
      return nodeWorkAt(opened, (await lanesOf(opened, foldLoops)).nodesOf(lane), sequence, signal);
    },
    'timeline.nodes': async ({ text, count, ...execution }) => {
      const { history } = await engine.execution(execution);
      const sought = text.toLowerCase();
      const found: string[] = [];
      for (const node of history.nodeNames) {
        if (found.length === count) break;
        if (node.toLowerCase().includes(sought)) found.push(node);
      }
      return found;
    },
    'timeline.tracks': async ({ source, execution, ...part }, cancelled) => {
      const signal = engine.untilClosed(source, cancelled);
      const { closed } = engine.source(source);
      return timelineTracks(
        await engine.whole({ source, execution }, signal),
        { ...part, to: Math.max(part.from, part.to) },
        { pause: engine.pause, signal, closed },
      );
    },
    'timeline.matches': async ({ source, execution, filter, ...part }, cancelled) => {
      const signal = engine.untilClosed(source, cancelled);
      const opened = await engine.execution({ source, execution });
      const { positions } = await matchesOf(engine, { source, execution }, filter.trim(), signal, hasBegun);
      return runPaced(matchesByColumn(opened.history, { ...part, to: Math.max(part.from, part.to) }, positions), engine.pause, signal);
    },
  } satisfies HandlersFor<'timeline'>;
}
