import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles/tokens.css';
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import type { Pushes } from '../core/contract.ts';
import { App } from './app.tsx';
import { ask, idle, onPush } from './client.ts';
import { listenToKeys, listenToMouse, run } from './state/commands.ts';
import { onMoveFault, showProgress } from './state/cursor.ts';
import { app, resume, showFault, showSource, showStart } from './state/session.ts';

onMoveFault(showFault);
onPush((name, value) => {
  switch (name) {
    case 'progress':
      if ((value as Pushes['progress']).phase === 'export') return app.setState({ exporting: value as never });
      return showProgress(value as never);
    case 'source.opened':
      return showSource(value as never);
    case 'fault':
      return showFault(value as never);
    case 'engine.restarted':
      if (value !== null) void resume(value as never);
      return;
    case 'command':
      return run((value as { readonly id: string }).id);
  }
});
listenToKeys();
listenToMouse();

const start = await ask('app.start', {});
if (start.ok) {
  if (start.value.testing) window.__idle = idle;
  showStart(start.value);
} else {
  app.setState({ started: true, fault: start.fault });
}
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
