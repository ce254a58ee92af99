import { type KeyboardEvent, useState } from 'react';
import { assignKey, type Command, commandsOf, resetKeys } from '../../state/commands.ts';
import { useApp, useSettings } from '../../state/context.ts';
import { keyLabel, pressedKey } from '../../state/keys.ts';
import { hasWords } from '../palette/has-words.ts';

/** Every command with its keys, each of which can be replaced by pressing another one. */
export function KeysSettings() {
  const app = useApp();
  const chosen = useSettings(({ preferences }) => preferences.keys);
  const [text, setText] = useState('');
  const [message, setMessage] = useState('');
  const commands = commandsOf(app);
  const shown = commands.filter(({ label, also, keys }) => hasWords(`${label} ${also} ${keys.join(' ')}`, text));
  const isChanged = Object.keys(chosen).length > 0;

  const assign = (command: Command, key: string): void => {
    const taken = commands.find((other) => other.id !== command.id && other.keys.includes(key));
    assignKey(app, command, key);
    setMessage(taken === undefined ? '' : `${taken.label.replace('…', '')} no longer has this key.`);
  };
  return (
    <section aria-label="Keys" className="keys-settings">
      <header className="setting">
        <h2>Keys</h2>
        <span className="setting-choices">
          <input
            className="field"
            type="search"
            aria-label="Search commands"
            placeholder="Search commands"
            value={text}
            onChange={(e) => setText(e.target.value)}
          />
          {isChanged && (
            <button type="button" className="button" onClick={() => resetKeys(app)}>
              All as usual
            </button>
          )}
        </span>
      </header>
      <p className="dim" role="status" aria-label="Keys, changed">
        {message || 'Press the button of a command, then its new key. Escape leaves it as it is, Delete takes it away.'}
      </p>
      <ul className="keys-of-commands">
        {shown.map((command) => (
          <li key={command.id}>
            <span>{command.label.replace('…', '')}</span>
            <span className="setting-choices">
              {chosen[command.id] !== undefined && (
                <button type="button" className="button ghost" aria-label={`Usual keys of ${command.label}`} onClick={() => resetKeys(app, command.id)}>
                  As usual
                </button>
              )}
              <KeyButton command={command} onKey={(key) => assign(command, key)} onRemove={() => assignKey(app, command, undefined)} />
            </span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="dim">No command has these words.</p>}
    </section>
  );
}

interface KeyButtonProps {
  readonly command: Command;
  readonly onKey: (key: string) => void;
  readonly onRemove: () => void;
}

function KeyButton({ command: { label, keys }, onKey, onRemove }: KeyButtonProps) {
  const platform = useSettings((settings) => settings.platform);
  const [waiting, setWaiting] = useState(false);
  const press = (event: KeyboardEvent): void => {
    if (!waiting || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    const key = pressedKey(event, platform);
    if (key === undefined && event.key !== 'Escape') return;
    setWaiting(false);
    if (plain && event.key === 'Delete') onRemove();
    else if (key !== undefined) onKey(key);
  };
  return (
    <button
      type="button"
      className={`key-button${waiting ? ' on' : ''}`}
      aria-label={`Keys of ${label.replace('…', '')}: ${keys.map((key) => keyLabel(key, platform)).join(', ') || 'none'}`}
      onClick={() => setWaiting(true)}
      onKeyDown={press}
      onBlur={() => setWaiting(false)}
    >
      {waiting ? 'press a key' : keys.length === 0 ? '—' : keys.map((key) => <kbd key={key}>{keyLabel(key, platform)}</kbd>)}
    </button>
  );
}
