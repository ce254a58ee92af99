import { Command } from 'cmdk';
import { useState } from 'react';
import { canRun, commandsOf, runCommand } from '../../state/commands.ts';
import { useApp, useNavigation, useSettings } from '../../state/context.ts';
import { keyLabel } from '../../state/keys.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import './palette.css';

/** All commands by name, and sequences by number. */
export function Palette() {
  const app = useApp();
  const run = useNavigation((state) => state.run);
  const platform = useSettings((settings) => settings.platform);
  const [text, setText] = useState('');
  const sequence = /^#?(\d{1,15})$/.exec(text.trim())?.[1];
  const choose = (action: () => void): void => {
    app.navigation.setDialog(undefined);
    action();
  };
  return (
    <Dialog title="Command palette" bare>
      <Command className="palette" label="Commands" loop>
        <Command.Input className="palette-input" placeholder="A command, or a sequence to go to" value={text} onValueChange={setText} autoFocus />
        <Command.List className="palette-list">
          <Command.Empty className="palette-empty">No matching command.</Command.Empty>
          {run !== undefined && sequence !== undefined && (
            <Command.Item className="palette-item" value={`go ${text}`} onSelect={() => choose(() => run.moveTo(Number(sequence), { jump: true }))}>
              Go to #{sequence}
            </Command.Item>
          )}
          {commandsOf(app)
            .filter((command) => command.id !== 'palette' && canRun(app, command))
            .map(({ id, label, menu, keys }) => (
              <Command.Item key={id} className="palette-item" value={`${label} ${menu}`} onSelect={() => choose(() => runCommand(app, id))}>
                <span className="grow">{label.replace('…', '')}</span>
                {keys.slice(0, 1).map((key) => (
                  <kbd key={key}>{keyLabel(key, platform)}</kbd>
                ))}
              </Command.Item>
            ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
