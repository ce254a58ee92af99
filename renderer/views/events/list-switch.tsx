import { useRun, useRunState } from '../../state/context.ts';

/** Shows the log event by event, or as a story. */
export function ListSwitch() {
  const { setStory } = useRun();
  const story = useRunState((state) => state.story);
  return (
    <h2>
      <span className="segments" role="group" aria-label="The log as">
        <button type="button" className="segment" aria-pressed={!story} onClick={() => setStory(false)}>
          Events
        </button>
        <button type="button" className="segment" aria-pressed={story} title="A line for each turn and each piece of work" onClick={() => setStory(true)}>
          Story
        </button>
      </span>
    </h2>
  );
}
