import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles/tokens.css';
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { AppView } from './app-view.tsx';
import { bridgeChannel, createClient } from './client.ts';
import { createApp } from './state/app.ts';
import { commandsOf, runCommand } from './state/commands.ts';
import { listenToKeys, listenToMouse } from './state/keys.ts';
import { panels } from './views/panels.ts';

const client = createClient(bridgeChannel(window.bridge));
const app = createApp(client, panels);
client.onPush({ command: ({ id }) => runCommand(app, id) });
listenToKeys(app);
listenToMouse(app);
window.addEventListener('pagehide', app.navigation.keepTabs);
const showMenu = (): void =>
  void client.ask('host.showMenu', { items: commandsOf(app).map(({ id, label, menu, keys }) => ({ id, label, menu, keys: [...keys] })) });
showMenu();
app.settings.store.subscribe((now, before) => {
  if (now.preferences.keys !== before.preferences.keys) showMenu();
});

const start = await client.ask('host.start', {});
if (start.ok) {
  if (start.value.testing) window.__idle = client.idle;
  app.begin(start.value);
} else {
  app.notices.showFault(start.fault);
}
createRoot(document.getElementById('root') as HTMLElement).render(<AppView app={app} />);
