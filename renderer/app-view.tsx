import { QueryClientProvider } from '@tanstack/react-query';
import { type DragEvent, type ReactNode, useEffect, useState } from 'react';
import type { App } from './state/app.ts';
import { AppContext, RunContext, useApp, useNavigation, useNotices, useSources } from './state/context.ts';
import { ConnectDialog } from './views/connect/connect-dialog.tsx';
import { ExecutionScreen } from './views/execution/execution-screen.tsx';
import { ExecutionsScreen } from './views/executions/executions-screen.tsx';
import { ExportDialog } from './views/export/export-dialog.tsx';
import { GoDialog } from './views/palette/go-dialog.tsx';
import { KeysDialog } from './views/palette/keys-dialog.tsx';
import { Palette } from './views/palette/palette.tsx';
import { Reader } from './views/reader/text-reader.tsx';
import { SettingsDialog } from './views/settings/settings-dialog.tsx';
import { TabStrip } from './views/tabs/tab-strip.tsx';
import { Welcome } from './views/welcome/welcome.tsx';
import './app-view.css';

/** The whole window. */
export function AppView({ app }: { readonly app: App }) {
  return (
    <Providers app={app}>
      <Window />
    </Providers>
  );
}

/** The contexts that views need. */
export function Providers({ app, children }: { readonly app: App; readonly children: ReactNode }) {
  return (
    <AppContext value={app}>
      <QueryClientProvider client={app.queries}>{children}</QueryClientProvider>
    </AppContext>
  );
}

function Window() {
  const { openDropped } = useApp();
  const { screen, source, run, dialog } = useNavigation((state) => state);
  const notice = useNotices((state) => state.waiting.at(-1)?.text ?? state.notice);
  const [dragging, setDragging] = useState(false);
  const name = useSources((state) => state.open.find((open) => open.source === source)?.name);
  useEffect(() => {
    document.title = name === undefined ? 'Hindsight' : `${name} — Hindsight`;
  }, [name]);

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setDragging(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) void openDropped(file);
  };
  return (
    <div
      className="app"
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => event.relatedTarget === null && setDragging(false)}
      onDrop={drop}
    >
      <TabStrip />
      <RunContext value={run}>
        <main>
          {screen === 'welcome' && <Welcome />}
          {screen === 'executions' && source !== undefined && <ExecutionsScreen key={source} source={source} />}
          {screen === 'execution' && run !== undefined && <ExecutionScreen key={`${run.source} ${run.execution}`} />}
        </main>
        {screen === 'execution' && run !== undefined && <Reader />}
        {dialog === 'export' && run !== undefined && <ExportDialog />}
        {dialog === 'connect' && <ConnectDialog />}
        {dialog === 'palette' && <Palette />}
        {dialog === 'keys' && <KeysDialog />}
        {dialog === 'settings' && <SettingsDialog />}
        {dialog === 'go' && run !== undefined && <GoDialog />}
      </RunContext>
      {dragging && <div className="drop-veil">Drop the database to open it</div>}
      <div className="toast" role="status" aria-label="Notice">
        {notice}
      </div>
    </div>
  );
}
