import type { Want } from '../../core/contract/frame.ts';
import type { Panel } from '../state/panel.ts';
import { ApprovalsView } from './approvals/approvals-view.tsx';
import { BookmarksView } from './bookmarks/bookmarks-view.tsx';
import { ChangesView } from './changes/changes-view.tsx';
import { ConversationView } from './conversation/conversation-view.tsx';
import { CostsView } from './costs/costs-view.tsx';
import { LogPanel } from './events/log-panel.tsx';
import { StatusBar } from './execution/status-bar.tsx';
import { FindView } from './find/find-view.tsx';
import { FindingsView } from './findings/findings-view.tsx';
import { GraphView } from './graph/graph-view.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { comparedWith, DIFF_ROWS, DiffView } from './state/diff-view.tsx';
import { JsonView } from './state/json-view.tsx';
import { TEXT_LINES } from './state/line-window.ts';
import { StateTree, TREE_ROWS } from './state/state-tree.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { WatchesView } from './watches/watches-view.tsx';

type TracksWant = NonNullable<Want['tracks']>['tracks'];

/** Every panel of an execution's screen, in order. A new panel is a folder here, a slice of the frame if needed, and a line. */
export const panels: readonly Panel[] = [
  {
    id: 'timeline',
    label: 'Timeline',
    region: 'timeline',
    want: ({ tracks, foldLoops, selectedNode: selected }) => ({
      lanes: { foldLoops, ...(selected === undefined ? {} : { selected }) },
      recovery: {},
      event: {},
      tracks: { tracks: [...tracks] as TracksWant },
    }),
    view: Timeline,
  },
  { id: 'events', label: 'Events', region: 'events', want: () => ({}), view: LogPanel },
  {
    id: 'tree',
    label: 'Tree',
    region: 'state',
    want: ({ scrolled, opened, closed, reveal, unfolded, rowsOnScreen }) => ({
      tree: {
        from: scrolled['tree'] ?? 0,
        count: TREE_ROWS,
        opened: [...opened],
        closed: [...closed],
        reveal,
        unfolded,
        ...(rowsOnScreen === undefined ? {} : { written: rowsOnScreen }),
      },
    }),
    view: StateTree,
    show: { label: 'State as a Tree', keys: ['1'] },
  },
  {
    id: 'diff',
    label: 'Diff',
    region: 'state',
    want: (state) => {
      const against = comparedWith(state);
      return state.diffAsText
        ? { diffText: { from: state.scrolled['diff-text'] ?? 0, count: TEXT_LINES, against } }
        : { diff: { from: 0, count: DIFF_ROWS, against } };
    },
    view: DiffView,
    show: { label: 'Changes of This Event', keys: ['2', 'd'] },
  },
  {
    id: 'json',
    label: 'JSON',
    region: 'state',
    want: ({ scrolled, soughtInText, folded }) => ({
      text: { from: scrolled['json'] ?? 0, count: TEXT_LINES, folded: [...folded], ...(soughtInText === '' ? {} : { find: soughtInText }) },
    }),
    view: JsonView,
    show: { label: 'State as JSON', keys: ['3'] },
  },
  {
    id: 'graph',
    label: 'Graph',
    region: 'state',
    want: ({ foldLoops }) => ({ graph: { foldLoops } }),
    view: GraphView,
    show: { label: 'Graph of the Workflow', keys: ['4'] },
  },
  {
    id: 'conversation',
    label: 'Conversation',
    region: 'state',
    want: () => ({}),
    view: ConversationView,
    show: { label: 'Conversation with the Model', keys: ['v'] },
  },
  { id: 'findings', label: 'Findings', region: 'state', want: () => ({}), view: FindingsView, show: { label: 'Findings', keys: ['i'] } },
  { id: 'inspector', label: 'Inspector', region: 'side', want: () => ({ event: {}, nodes: {}, recovery: {} }), view: Inspector },
  { id: 'changes', label: 'Changes', region: 'side', want: () => ({}), view: ChangesView, show: { label: 'Every Change of the Selected Value', keys: ['b'] } },
  {
    id: 'watches',
    label: 'Watches',
    region: 'side',
    want: ({ watches }) => ({ watches: { pointers: [...watches] } }),
    view: WatchesView,
    show: { label: 'Watches', keys: [] },
  },
  { id: 'find', label: 'Find when', region: 'side', want: () => ({}), view: FindView, show: { label: 'Find When a Condition Is True', keys: [] } },
  { id: 'costs', label: 'Costs', region: 'side', want: () => ({}), view: CostsView, show: { label: 'Tokens, Cost and Retries', keys: [] } },
  { id: 'approvals', label: 'Approvals', region: 'side', want: () => ({}), view: ApprovalsView, show: { label: 'Approvals of the Run', keys: [] } },
  {
    id: 'bookmarks',
    label: 'Bookmarks',
    region: 'side',
    want: () => ({}),
    view: BookmarksView,
    show: { label: 'Bookmarks and Notes', keys: [] },
  },
  { id: 'status', label: 'Status', region: 'status', want: () => ({ nodes: {}, recovery: {} }), view: StatusBar },
];
