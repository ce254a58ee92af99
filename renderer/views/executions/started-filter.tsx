import { useState } from 'react';
import type { StartedRange } from '../../state/executions-list.ts';
import { clock, milliseconds } from '../../widgets/format.ts';
import { useTimes, zoneName } from '../../widgets/times.ts';

const HOUR = 3_600_000;
const PRESETS = {
  hour: { words: 'hour', length: HOUR },
  day: { words: '24 hours', length: 24 * HOUR },
  week: { words: '7 days', length: 168 * HOUR },
} as const;
type Preset = keyof typeof PRESETS;

interface StartedFilterProps {
  /** When the last execution started. */
  readonly newest: string | null;
  readonly started: StartedRange | undefined;
  readonly onChoose: (started: StartedRange | undefined) => void;
}

/**
 * When an execution may have started. A database that is being written ends now; one that was copied ends at its newest run. So the
 * usual ranges are counted back from either, and the choice says from which.
 */
export function StartedFilter({ newest, started, onChoose }: StartedFilterProps) {
  const { zone } = useTimes().choice;
  const [isCustom, setCustom] = useState(false);
  const end = newest === null ? Number.NaN : milliseconds(newest);
  const choose = (value: string): void => {
    setCustom(value === 'custom');
    if (value === '') return onChoose(undefined);
    if (value === 'custom') return onChoose(started === undefined ? undefined : { ...started, label: 'custom' });
    const [from, preset] = value.split(' ') as ['newest' | 'now', Preset];
    const to = from === 'now' ? Date.now() : end;
    const { length } = PRESETS[preset];
    // What starts after now, by a clock that is ahead, is not left out.
    onChoose({ from: new Date(to - length).toISOString(), to: undefined, label: `${from} ${preset}` });
  };
  const isOpen = isCustom || started?.label === 'custom';
  const change = (part: 'from' | 'to', text: string): void => {
    const at = text === '' ? Number.NaN : Date.parse(zone === 'utc' ? `${text}Z` : text);
    const range = { from: started?.from, to: started?.to, [part]: Number.isFinite(at) ? new Date(at).toISOString() : undefined };
    onChoose(range.from === undefined && range.to === undefined ? undefined : { ...range, label: 'custom' });
  };
  const field = (time: string | undefined): string => (time === undefined ? '' : clock(time, { zone }).replace(' ', 'T'));
  return (
    <>
      <label
        className={`button select${started === undefined ? '' : ' on'}`}
        title={started?.from === undefined ? undefined : `From ${clock(started.from, { zone })} ${zoneName(zone)}`}
      >
        Started:
        <select aria-label="Started" value={isOpen ? 'custom' : (started?.label ?? '')} onChange={(event) => choose(event.target.value)}>
          <option value="">any time</option>
          {Number.isFinite(end) && (
            <optgroup label={`The newest run started ${clock(newest ?? '', { zone })}`}>
              <Presets from="newest" until="until the newest run" />
            </optgroup>
          )}
          <optgroup label="By the clock of this computer">
            <Presets from="now" until="until now" />
          </optgroup>
          <option value="custom">from … to …</option>
        </select>
      </label>
      {isOpen && (
        <span className="started-range">
          <input
            type="datetime-local"
            step="1"
            aria-label="Started from"
            value={field(started?.from)}
            onChange={(event) => change('from', event.target.value)}
          />
          <span className="dim">to</span>
          <input type="datetime-local" step="1" aria-label="Started to" value={field(started?.to)} onChange={(event) => change('to', event.target.value)} />
          <span className="dim">{zoneName(zone)}</span>
        </span>
      )}
    </>
  );
}

function Presets({ from, until }: { readonly from: 'newest' | 'now'; readonly until: string }) {
  return (Object.keys(PRESETS) as Preset[]).map((preset) => (
    <option key={preset} value={`${from} ${preset}`}>
      last {PRESETS[preset].words} {until}
    </option>
  ));
}
