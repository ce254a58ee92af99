import { PanelLeft, PanelRight } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Group, type GroupImperativeHandle, Panel, Separator } from 'react-resizable-panels';
import type { SidePane } from '../../../core/vocabulary.ts';
import { useApp, useRunState, useSettings } from '../../state/context.ts';

interface PanesProps {
  readonly events: ReactNode;
  readonly state: ReactNode;
  readonly details: ReactNode;
}

/** The usual shares of the width, in percent. */
const [EVENTS, DETAILS] = [29, 24];
const USUAL: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'events state details': { events: EVENTS, state: 100 - EVENTS - DETAILS, details: DETAILS },
  'events state': { events: EVENTS, state: 100 - EVENTS },
  'state details': { state: 100 - DETAILS, details: DETAILS },
};

/** The state between the events and the details, each of which can be hidden. Each combination has its own sizes, which are remembered. */
export function Panes({ events, state, details }: PanesProps) {
  const { keepLayout, showPane } = useApp().settings;
  const hidden = useSettings(({ preferences }) => preferences.hiddenPanes);
  const panes = ['events' as const, 'state' as const, 'details' as const].filter((pane) => pane === 'state' || !hidden.includes(pane));
  const name = panes.join(' ');
  const layout = useSettings((settings) => settings.layout[name]);
  const remembered = layout?.length === panes.length ? Object.fromEntries(panes.map((pane, i) => [pane, layout[i] ?? 33])) : undefined;

  const group = useRef<GroupImperativeHandle>(null);
  const element = useRef<HTMLDivElement>(null);
  const wanted = useRef(remembered);
  wanted.current = remembered ?? USUAL[name];
  // A small window squeezes panes to their smallest sizes; a larger one gives them their shares again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the group of other panes is another element
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(() => {
      if (wanted.current !== undefined) group.current?.setLayout(wanted.current);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [name]);

  // What is asked for in the details is shown.
  const side = useRunState((run) => run.side);
  const shown = useRef(side);
  useEffect(() => {
    if (shown.current !== side && hidden.includes('details')) showPane('details', true);
    shown.current = side;
  }, [side, hidden, showPane]);
  return (
    <Group
      key={name}
      groupRef={group}
      elementRef={element}
      className="panes"
      style={{ minWidth: panes.length === 3 ? 802 : panes.length === 2 ? 561 : 320 }}
      {...(remembered === undefined ? {} : { defaultLayout: remembered })}
      onLayoutChanged={(sizes, { isUserInteraction }) => {
        if (isUserInteraction)
          keepLayout(
            name,
            panes.map((pane) => Math.round((sizes[pane] ?? 33) * 100) / 100),
          );
      }}
    >
      {panes.includes('events') && (
        <>
          <Panel id="events" minSize="240px" defaultSize={`${EVENTS}%`} className="pane">
            {events}
          </Panel>
          <Separator className="separator" />
        </>
      )}
      <Panel id="state" minSize="320px" className="pane state-pane">
        {state}
      </Panel>
      {panes.includes('details') && (
        <>
          <Separator className="separator" />
          <Panel id="details" minSize="240px" defaultSize={`${DETAILS}%`} className="pane">
            {details}
          </Panel>
        </>
      )}
    </Group>
  );
}

/** Shows or hides a pane. */
export function PaneToggle({ pane }: { readonly pane: SidePane }) {
  const { showPane } = useApp().settings;
  const isHidden = useSettings(({ preferences }) => preferences.hiddenPanes.includes(pane));
  const Icon = pane === 'events' ? PanelLeft : PanelRight;
  return (
    <button
      type="button"
      className="icon-button pane-toggle"
      aria-label={pane === 'events' ? 'Events beside the state' : 'Details beside the state'}
      aria-pressed={!isHidden}
      title={`${isHidden ? 'Show' : 'Hide'} the ${pane}`}
      onClick={() => showPane(pane, isHidden)}
    >
      <Icon aria-hidden="true" />
    </button>
  );
}
