import { Pause, Play } from 'lucide-react';
import { useRun, useRunState } from '../../state/context.ts';
import type { Played, Speed } from '../../state/run-state.ts';

/** `1×` is real time; `4 / s` is four events a second. */
const SPEEDS: Readonly<Record<string, Speed>> = Object.fromEntries([
  ...[0.5, 1, 2, 4, 16].map((value) => [`${value}×`, { unit: 'real-time', value }] as const),
  ...[4, 16, 100, 1000].map((value) => [`${value} / s`, { unit: 'per-second', value }] as const),
]);
const PLAYED: Readonly<Record<Played, string>> = { all: 'every event', changes: 'changes only', matches: 'matches only' };

/** Playing: on or off, how fast, and which events. */
export function PlayerControls() {
  const { togglePlay, setSpeed, setPlayed } = useRun();
  const playing = useRunState((state) => state.playing);
  const speed = useRunState((state) => state.speed);
  const played = useRunState((state) => state.played);
  const hasFilter = useRunState((state) => state.filter.trim() !== '');
  const chosen = Object.entries(SPEEDS).find(([, { unit, value }]) => unit === speed.unit && value === speed.value)?.[0];
  const choose = (name: string): void => {
    const found = SPEEDS[name];
    if (found !== undefined) setSpeed(found);
  };
  return (
    <span className="player">
      <button
        type="button"
        className="icon-button"
        aria-label={playing ? 'Pause' : 'Play'}
        title={`${playing ? 'Pause' : 'Play'} (Space)`}
        onClick={togglePlay}
      >
        {playing ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
      </button>
      <select
        aria-label="Speed"
        title="× is a multiple of real time, with pauses shortened to at most 2 s; / s is events per second."
        value={chosen}
        onChange={(event) => choose(event.target.value)}
      >
        {Object.keys(SPEEDS).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select aria-label="Events that are played" title="Which events are played" value={played} onChange={(event) => setPlayed(event.target.value as Played)}>
        {Object.entries(PLAYED).map(([name, label]) => (
          <option key={name} value={name} disabled={name === 'matches' && !hasFilter}>
            {label}
          </option>
        ))}
      </select>
    </span>
  );
}
