import type { Preferences } from '../../../core/contract/preferences.ts';
import { CONTRASTS, DEFAULT_PREFERENCES, DENSITIES, THEMES, TIME_FORMS, TIME_ZONES } from '../../../core/vocabulary.ts';
import { useApp, useSettings } from '../../state/context.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { KeysSettings } from './keys-settings.tsx';
import './settings.css';

/** What the user chooses once and for all. A choice takes effect at once. */
export function SettingsDialog() {
  const { settings } = useApp();
  const zoom = useSettings(({ preferences }) => preferences.zoom);
  return (
    <Dialog title="Settings" wide>
      <div className="dialog-body settings">
        <Choice name="theme" label="Theme" choices={THEMES} />
        <Choice name="contrast" label="Contrast" choices={CONTRASTS} />
        <Choice name="density" label="Rows" choices={DENSITIES} />
        <Times />
        <div className="setting">
          <span>Size</span>
          <span className="setting-choices">
            <button type="button" className="button" aria-label="Smaller" onClick={() => settings.zoomWindow('out')}>
              −
            </button>
            <output aria-label="Size">{Math.round(zoom * 100)} %</output>
            <button type="button" className="button" aria-label="Larger" onClick={() => settings.zoomWindow('in')}>
              +
            </button>
            {zoom !== DEFAULT_PREFERENCES.zoom && (
              <button type="button" className="button ghost" onClick={() => settings.zoomWindow('reset')}>
                Actual size
              </button>
            )}
          </span>
        </div>
        <KeysSettings />
      </div>
    </Dialog>
  );
}

function Times() {
  const { settings } = useApp();
  const { form, zone } = useSettings(({ preferences }) => preferences.times);
  return (
    <>
      <Radios label="Times" words={TIME_FORMS} chosen={form} onChoose={(chosen) => settings.setTimes({ form: chosen })} />
      <Radios label="Time zone" words={TIME_ZONES} chosen={zone} onChoose={(chosen) => settings.setTimes({ zone: chosen })} />
    </>
  );
}

interface ChoiceProps<N extends keyof Preferences> {
  readonly name: N;
  readonly label: string;
  readonly choices: readonly (Preferences[N] & string)[];
}

function Choice<N extends keyof Preferences>({ name, label, choices }: ChoiceProps<N>) {
  const { settings } = useApp();
  const chosen = useSettings(({ preferences }) => preferences[name]) as Preferences[N] & string;
  const words = Object.fromEntries(choices.map((choice) => [choice, choice])) as unknown as Record<Preferences[N] & string, string>;
  return <Radios label={label} words={words} chosen={chosen} onChoose={(value) => settings.prefer({ [name]: value })} />;
}

interface RadiosProps<V extends string> {
  readonly label: string;
  /** What each choice is called. */
  readonly words: Readonly<Record<V, string>>;
  readonly chosen: V;
  readonly onChoose: (value: V) => void;
}

function Radios<V extends string>({ label, words, chosen, onChoose }: RadiosProps<V>) {
  return (
    <div className="setting">
      <span>{label}</span>
      <span className="setting-choices" role="radiogroup" aria-label={label}>
        {(Object.keys(words) as V[]).map((value) => (
          <label key={value} className="setting-choice">
            <input type="radio" name={label} checked={chosen === value} onChange={() => onChoose(value)} />
            {words[value]}
          </label>
        ))}
      </span>
    </div>
  );
}
