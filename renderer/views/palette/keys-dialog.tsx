import { commandsOf } from '../../state/commands.ts';
import { useApp, useSettings } from '../../state/context.ts';
import { keyLabel } from '../../state/keys.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import './palette.css';

export function KeysDialog() {
  const commands = commandsOf(useApp());
  const platform = useSettings((settings) => settings.platform);
  return (
    <Dialog title="Keyboard shortcuts" wide>
      <div className="dialog-body" role="group" aria-label="Keys" tabIndex={0}>
        <dl className="keys-list">
          {commands
            .filter(({ keys }) => keys.length > 0)
            .map(({ id, label, keys }) => (
              <div key={id}>
                <dt>{label.replace('…', '')}</dt>
                <dd>
                  <span>
                    {keys.map((key) => (
                      <kbd key={key}>{keyLabel(key, platform)}</kbd>
                    ))}
                  </span>
                </dd>
              </div>
            ))}
        </dl>
        <p className="dim">Single keys are off while you type. On the timeline, the wheel zooms; with Shift it pans.</p>
      </div>
    </Dialog>
  );
}
