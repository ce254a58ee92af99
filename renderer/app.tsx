import { type DragEvent, useEffect, useState } from 'react';
import { openDropped, useApp } from './state/session.ts';
import { ExecutionScreen } from './views/execution/execution-screen.tsx';
import { ExecutionsScreen } from './views/executions/executions-screen.tsx';
import { ExportDialog } from './views/export/export-dialog.tsx';
import { GoDialog } from './views/palette/go-dialog.tsx';
import { KeysDialog } from './views/palette/keys-dialog.tsx';
import { Palette } from './views/palette/palette.tsx';
import { Welcome } from './views/welcome/welcome.tsx';
import './app.css';

export function App() {
  const screen = useApp((state) => state.screen);
  const dialog = useApp((state) => state.dialog);
  const notice = useApp((state) => state.notice);
  const busy = useApp((state) => state.busy);
  const [dragging, setDragging] = useState(false);
  useTitle();

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
      {screen === 'welcome' && <Welcome />}
      {screen === 'executions' && <ExecutionsScreen />}
      {screen === 'execution' && <ExecutionScreen />}
      {dialog === 'export' && <ExportDialog />}
      {dialog === 'palette' && <Palette />}
      {dialog === 'keys' && <KeysDialog />}
      {dialog === 'go' && <GoDialog />}
      {dragging && <div className="drop-veil">Drop the database to open it</div>}
      <div className="toast" role="status" aria-label="Notice">
        {busy ?? notice}
      </div>
    </div>
  );
}

function useTitle(): void {
  const name = useApp((state) => state.source?.name);
  useEffect(() => {
    document.title = name === undefined ? 'Hindsight' : `${name} — Hindsight`;
  }, [name]);
}
