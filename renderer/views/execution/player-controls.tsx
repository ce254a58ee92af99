import { Menu } from '@base-ui/react/menu';
import { Check, OctagonPause, Pause, Play, StepBack, StepForward } from 'lucide-react';
import { useRun, useRunState } from '../../state/context.ts';
import type { HaltChoice } from '../../state/halts.ts';
import type { Played, Speed } from '../../state/run-state.ts';
import '../../widgets/context-menu.css';

/** `1×` is real time; `4 / s` is four events a second. */
const SPEEDS: Readonly<Record<string, Speed>> = Object.fromEntries([
  ...[0.5, 1, 2, 4, 8, 16].map((value) => [`${value}×`, { unit: 'real-time', value }] as const),
  ...[4, 16, 100, 1000].map((value) => [`${value} / s`, { unit: 'per-second', value }] as const),
]);
const PLAYED: Readonly<Record<Played, string>> = { all: 'every event', changes: 'changes only', matches: 'matches only' };

/** Playing: on or off, how fast, and which events. */
export function PlayerControls() {
  const { togglePlay, setSpeed, setPlayed, step } = useRun();
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
      <button type="button" className="icon-button" aria-label="Previous event" title="Previous event (←)" onClick={() => step(-1)}>
        <StepBack aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={playing ? 'Pause' : 'Play'}
        title={`${playing ? 'Pause' : 'Play'} (Space)`}
        onClick={togglePlay}
      >
        {playing ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
      </button>
      <button type="button" className="icon-button" aria-label="Next event" title="Next event (→)" onClick={() => step(1)}>
        <StepForward aria-hidden="true" />
      </button>
      <HaltsMenu />
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

const HALTS: readonly (readonly [name: Exclude<keyof HaltChoice, 'watches'>, label: string])[] = [
  ['failure', 'Stop at a failure'],
  ['match', 'Stop at a match of the filter'],
  ['condition', 'Stop when the condition becomes true'],
];

/** What ends the playing. Each watch has a switch of its own, which is shown here, too. */
function HaltsMenu() {
  const { setHalts, haltAt } = useRun();
  const halts = useRunState((state) => state.halts);
  const hasFilter = useRunState((state) => state.filter.trim() !== '');
  const hasCondition = useRunState((state) => state.condition !== '');
  const isPossible = { failure: true, match: hasFilter, condition: hasCondition };
  const chosen = halts.watches.length + HALTS.filter(([name]) => halts[name]).length;
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label={chosen === 0 ? 'Stop playing at' : `Stop playing at, ${chosen} chosen`} title="What playing stops at">
        <OctagonPause aria-hidden="true" className={chosen === 0 ? undefined : 'chosen'} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-place" align="end">
          <Menu.Popup className="menu" aria-label="Stop playing at">
            <Menu.Group className="menu-group">
              {HALTS.map(([name, label]) => (
                <HaltItem key={name} label={label} chosen={halts[name]} disabled={!isPossible[name]} onChange={(on) => setHalts({ [name]: on })} />
              ))}
            </Menu.Group>
            {halts.watches.length > 0 && (
              <Menu.Group className="menu-group">
                {halts.watches.map((watch) => (
                  <HaltItem key={watch} label={`Stop at ${watch}`} chosen onChange={(on) => haltAt(watch, on)} />
                ))}
              </Menu.Group>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

interface HaltItemProps {
  readonly label: string;
  readonly chosen: boolean;
  readonly disabled?: boolean;
  readonly onChange: (chosen: boolean) => void;
}

function HaltItem({ label, chosen, disabled = false, onChange }: HaltItemProps) {
  return (
    <Menu.CheckboxItem className="menu-item checkable" checked={chosen} disabled={disabled} onCheckedChange={onChange}>
      <span className="menu-check">{chosen && <Check size={12} aria-hidden="true" />}</span>
      <bdi>{label}</bdi>
    </Menu.CheckboxItem>
  );
}
