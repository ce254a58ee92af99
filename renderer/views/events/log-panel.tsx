import { useRunState } from '../../state/context.ts';
import { EventsPanel } from './events-panel.tsx';
import { StoryView } from './story-view.tsx';

/** The log: event by event, or as a story. */
export function LogPanel() {
  return useRunState((state) => state.story) ? <StoryView /> : <EventsPanel />;
}
