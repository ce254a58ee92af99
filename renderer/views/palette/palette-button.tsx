import { Search } from 'lucide-react';
import { runCommand } from '../../state/commands.ts';
import { useApp, useSettings } from '../../state/context.ts';
import { keyLabel } from '../../state/keys.ts';

export function PaletteButton() {
  const app = useApp();
  const platform = useSettings((settings) => settings.platform);
  return (
    <button
      type="button"
      className="button"
      aria-label="Command palette"
      title="Commands, nodes, events, executions and recent files by name"
      onClick={() => runCommand(app, 'palette')}
    >
      <Search size={13} aria-hidden="true" /> <span className="button-text">Palette</span> <kbd>{keyLabel('Mod+K', platform)}</kbd>
    </button>
  );
}
