import { Command } from 'cmdk';
import { useState } from 'react';
import { canRun, keyLabel, run } from '../../state/commands.ts';
import { moveTo, useCursor } from '../../state/cursor.ts';
import { app, useApp } from '../../state/session.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import './palette.css';

/** Every command by name, and places by number. */
export function Palette() {
  const commands = useApp((state) => state.commands);
  const isOpen = useCursor((state) => state.view !== undefined);
  const [text, setText] = useState('');
  const sequence = /^#?(\d{1,15})$/.exec(text.trim())?.[1];
  const choose = (action: () => void): void => {
    app.setState({ dialog: undefined });
    action();
  };
  return (
    <Dialog title="Command palette" bare>
      <Command className="palette" label="Commands" loop>
        <Command.Input className="palette-input" placeholder="A command, or a sequence to go to" value={text} onValueChange={setText} autoFocus />
        <Command.List className="palette-list">
          <Command.Empty className="palette-empty">No command is called that.</Command.Empty>
          {isOpen && sequence !== undefined && (
            <Command.Item className="palette-item" value={`go ${text}`} onSelect={() => choose(() => moveTo(Number(sequence), { jump: true }))}>
              Go to #{sequence}
            </Command.Item>
          )}
          {commands
            .filter(({ id }) => id !== 'palette' && canRun(id))
            .map(({ id, label, menu, keys }) => (
              <Command.Item key={id} className="palette-item" value={`${label} ${menu}`} onSelect={() => choose(() => run(id))}>
                <span className="grow">{label.replace('…', '')}</span>
                {keys.slice(0, 1).map((key) => (
                  <kbd key={key}>{keyLabel(key)}</kbd>
                ))}
              </Command.Item>
            ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
