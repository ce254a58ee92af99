import type { Preferences } from '../../../core/contract/preferences.ts';
import { CONTRASTS, DEFAULT_PREFERENCES, DENSITIES, THEMES } from '../../../core/vocabulary.ts';
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

interface ChoiceProps<N extends keyof Preferences> {
  readonly name: N;
  readonly label: string;
  readonly choices: readonly (Preferences[N] & string)[];
}

function Choice<N extends keyof Preferences>({ name, label, choices }: ChoiceProps<N>) {
  const { settings } = useApp();
  const chosen = useSettings(({ preferences }) => preferences[name]);
  return (
    <div className="setting">
      <span>{label}</span>
      <span className="setting-choices" role="radiogroup" aria-label={label}>
        {choices.map((choice) => (
          <label key={choice} className="setting-choice">
            <input type="radio" name={name} checked={chosen === choice} onChange={() => settings.prefer({ [name]: choice })} />
            {choice}
          </label>
        ))}
      </span>
    </div>
  );
}
