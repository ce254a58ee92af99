import { keyLabel } from '../../state/commands.ts';
import { useApp } from '../../state/session.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import './palette.css';

export function KeysDialog() {
  const commands = useApp((state) => state.commands);
  return (
    <Dialog title="Keyboard shortcuts" wide>
      <div className="dialog-body">
        <dl className="keys-list">
          {commands
            .filter(({ keys }) => keys.length > 0)
            .map(({ id, label, keys }) => (
              <div key={id}>
                <dt>{label.replace('…', '')}</dt>
                <dd>
                  <span>
                    {keys.map((key) => (
                      <kbd key={key}>{keyLabel(key)}</kbd>
                    ))}
                  </span>
                </dd>
              </div>
            ))}
        </dl>
        <p className="dim">Single keys are off while you type. In the timeline the wheel zooms, and with Shift it pans.</p>
      </div>
    </Dialog>
  );
}
