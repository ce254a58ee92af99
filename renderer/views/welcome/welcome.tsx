import { FolderOpen, Server, Sparkles, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { runCommand } from '../../state/commands.ts';
import { useApp, useNotices, useSettings, useSources } from '../../state/context.ts';
import { keyLabel } from '../../state/keys.ts';
import { FaultAlert } from '../../widgets/fault-alert.tsx';
import { ago, clock } from '../../widgets/format.ts';
import './welcome.css';

/** Shown when nothing is open. */
export function Welcome() {
  const app = useApp();
  const recent = useSources((sources) => sources.recent);
  const busy = useNotices((notices) => notices.waiting.length > 0);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const version = useSettings((settings) => settings.version);
  const platform = useSettings((settings) => settings.platform);
  return (
    <div className="welcome">
      <div className="welcome-card">
        <h1 ref={heading} tabIndex={-1}>
          Hindsight
        </h1>
        <p className="welcome-lead">Go to any moment of a durable execution, see exactly what was true there, and export it.</p>
        <FaultAlert />
        <div className="drop-zone">
          <p>
            Drop a JamJet state database here <span className="dim">(usually runtime.db)</span>
          </p>
          <div className="welcome-buttons">
            <button type="button" className="button primary" disabled={busy} onClick={() => runCommand(app, 'open')}>
              <FolderOpen size={14} aria-hidden="true" /> Open database… <kbd>{keyLabel('Mod+O', platform)}</kbd>
            </button>
            <button type="button" className="button" disabled={busy} onClick={() => runCommand(app, 'connect')}>
              <Server size={14} aria-hidden="true" /> Connect to Postgres…
            </button>
            <button type="button" className="button" disabled={busy} onClick={() => runCommand(app, 'open-sample')}>
              <Sparkles size={14} aria-hidden="true" /> Open the sample
            </button>
          </div>
          <p className="dim">It is opened read-only, and no files are written next to it.</p>
        </div>
        <h2>Recent</h2>
        {recent.length === 0 ? (
          <p className="dim recent-none">Databases that you open are listed here.</p>
        ) : (
          <ul className="recent">
            {recent.map(({ path, kind, name, folder, openedAt, missing }) => (
              <li key={path}>
                <button type="button" className="recent-open" disabled={missing} onClick={() => void app.openRecent(path)} title={path}>
                  <b>{name}</b>
                  <span className="recent-path">
                    <bdi dir="ltr">{missing ? `missing · ${folder}` : kind === 'Postgres' ? `Postgres · ${folder}` : folder}</bdi>
                  </span>
                  <time dateTime={openedAt} title={clock(openedAt)}>
                    {ago(openedAt)}
                  </time>
                </button>
                {missing && (
                  <>
                    <button type="button" className="button ghost" aria-label={`Try ${name} again`} onClick={() => void app.openRecent(path)}>
                      Try again
                    </button>
                    <button type="button" className="button ghost" aria-label={`Locate ${name}`} onClick={() => void app.locate(path)}>
                      Locate…
                    </button>
                  </>
                )}
                <button type="button" className="icon-button" aria-label={`Remove ${name} from the list`} onClick={() => void app.sources.forgetRecent(path)}>
                  <X aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <p className="welcome-foot dim">
          Version {version} · <kbd>{keyLabel('Mod+K', platform)}</kbd> commands · <kbd>?</kbd> keys
        </p>
      </div>
    </div>
  );
}
