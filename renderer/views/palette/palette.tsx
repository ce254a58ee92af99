import { Command } from 'cmdk';
import { type KeyboardEvent, useState } from 'react';
import { type DeepLink, parseLink } from '../../../core/deep-link.ts';
import { canRun, commandsOf, runCommand } from '../../state/commands.ts';
import { useApp, useNavigation, useSettings, useSources } from '../../state/context.ts';
import { keyLabel } from '../../state/keys.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { Found } from './found.tsx';
import { hasWords } from './has-words.ts';
import { ExecutionsFound, RunFound, SequenceFound } from './palette-found.tsx';
import './palette.css';

/** Everything that can be reached by its name: commands, nodes, events, executions and recent files. */
export function Palette() {
  const app = useApp();
  const { run, source, screen } = useNavigation((state) => state);
  const recent = useSources((sources) => sources.recent);
  const platform = useSettings((settings) => settings.platform);
  const [typed, setTyped] = useState('');
  const [selected, setSelected] = useState('');
  /** Whether Enter was pressed before there was anything to choose: then the first that is found is chosen. */
  const [isHeld, setHeld] = useState(false);
  const text = typed.trim();
  const press = (): void => {
    setHeld(false);
    // The item is marked after this update.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[cmdk-item][data-selected=true]')?.click());
  };
  const holdEnter = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && text !== '' && document.querySelector('[cmdk-item]') === null) setHeld(true);
  };
  const choose = (action: () => void): void => {
    app.navigation.setDialog(undefined);
    action();
  };
  const isInRun = run !== undefined && screen === 'execution' && text !== '';
  const commands = commandsOf(app).filter(
    (command) => command.id !== 'palette' && canRun(app, command) && hasWords(`${command.label} ${command.menu} ${command.also}`, text),
  );
  const link = parseLink(text);
  const goTo = async (to: DeepLink): Promise<void> => {
    if (!(await app.openLink(to))) app.notices.showNotice(`${to.location} is neither open nor a recent file; open it first.`);
  };
  const files = text === '' ? [] : recent.filter(({ path, missing }) => !missing && hasWords(path, text));
  return (
    <Dialog title="Command palette" bare>
      <Command
        className="palette"
        label="Commands"
        loop
        shouldFilter={false}
        value={selected}
        onValueChange={(value) => {
          setSelected(value);
          if (isHeld && value !== '') press();
        }}
        onKeyDown={holdEnter}
      >
        <Command.Input
          className="palette-input"
          placeholder="A command, node, event, #sequence, execution or recent file"
          value={typed}
          onValueChange={(value) => {
            setTyped(value);
            setHeld(false);
          }}
          autoFocus
        />
        <Command.List className="palette-list">
          <Command.Empty className="palette-empty">Nothing is called that.</Command.Empty>
          {link !== undefined && (
            <Command.Item className="palette-item" value="link" onSelect={() => choose(() => void goTo(link))}>
              Go to {link.execution}
              {link.sequence !== null && ` at #${link.sequence}`} in {link.location}
            </Command.Item>
          )}
          {isInRun && <SequenceFound text={text} choose={choose} />}
          <Found heading="Commands">
            {commands.map(({ id, label, keys }) => (
              <Command.Item key={id} className="palette-item" value={`command ${id}`} onSelect={() => choose(() => runCommand(app, id))}>
                <span className="grow">{label.replace('…', '')}</span>
                {keys.slice(0, 1).map((key) => (
                  <kbd key={key}>{keyLabel(key, platform)}</kbd>
                ))}
              </Command.Item>
            ))}
          </Found>
          {isInRun && <RunFound text={text} choose={choose} />}
          {source !== undefined && text !== '' && <ExecutionsFound source={source} text={text} choose={choose} />}
          <Found heading="Recent">
            {files.map(({ path, name, folder }) => (
              <Command.Item key={path} className="palette-item" value={`recent ${path}`} onSelect={() => choose(() => void app.openRecent(path))}>
                {name} <span className="dim palette-rest">{folder}</span>
              </Command.Item>
            ))}
          </Found>
        </Command.List>
      </Command>
    </Dialog>
  );
}
