import { type FormEvent, useEffect, useRef, useState } from 'react';
import { explain, type Fault } from '../../../core/fault.ts';
import { useApp, useNavigation } from '../../state/context.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { type AddressParts, FIRST_ADDRESS, partsOf, splitPassword, withParts } from './address-parts.ts';
import './connect.css';

/** The ways to protect the connection, by `sslmode`. */
const PROTECTIONS: Readonly<Record<string, string>> = {
  '': 'encrypted and verified, except on this computer',
  'verify-full': 'encrypted, and the server is verified',
  'no-verify': 'encrypted, but any server is trusted',
  disable: 'plain text, which others may read',
};

/** Asks for a Postgres server and a database on it, and opens it. */
export function ConnectDialog() {
  const { client, navigation, notices } = useApp();
  const [address, setAddress] = useState(useNavigation((state) => state.address) ?? FIRST_ADDRESS);
  const [password, setPassword] = useState('');
  const [remember, setRemember] = useState(false);
  const [canRemember, setCanRemember] = useState<boolean>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Fault>();
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    void client.ask('host.canRememberPasswords', {}).then((answer) => setCanRemember(answer.ok && answer.value));
    return () => {
      isShown.current = false;
    };
  }, [client]);
  const parts = partsOf(address);
  const change = (changed: Partial<AddressParts>): void => {
    setFailure(undefined);
    setAddress(withParts(address, changed));
  };
  const enter = (text: string): void => {
    const split = splitPassword(text);
    setFailure(undefined);
    setAddress(split.address);
    if (split.password !== undefined) setPassword(split.password);
  };

  const connect = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    const asked = client.ask('host.connect', { address, remember, ...(password !== '' && { password }) });
    const result = await notices.during('Connecting…', asked);
    setBusy(false);
    // Who closed the dialog in the meantime wants something else.
    if (!isShown.current) {
      if (result.ok) await client.ask('host.closeSource', { source: result.value.source });
    } else if (result.ok) await navigation.open('Opening…', asked);
    else setFailure(result.fault);
  };
  const field = (label: string, part: keyof AddressParts, placeholder = '') => (
    <label>
      <span>{label}</span>
      <input
        value={parts?.[part] ?? ''}
        placeholder={placeholder}
        disabled={parts === undefined}
        spellCheck={false}
        onChange={(event) => change({ [part]: event.target.value })}
      />
    </label>
  );
  return (
    <Dialog title="Connect to Postgres">
      <form onSubmit={(event) => void connect(event)}>
        <div className="dialog-body connect">
          <label>
            <span>Address</span>
            <input value={address} placeholder={FIRST_ADDRESS} spellCheck={false} autoFocus onChange={(event) => enter(event.target.value)} />
          </label>
          {parts === undefined && address.trim() !== '' && (
            <p role="alert" className="warning">
              This is not the address of a Postgres database; write postgres://USER@HOST:PORT/DATABASE, with %XX for special characters.
            </p>
          )}
          <div className="connect-pair">
            {field('Server', 'host', 'localhost')}
            {field('Port', 'port', '5432')}
          </div>
          <div className="connect-pair even">
            {field('Database', 'database', 'postgres')}
            {field('Schema', 'schema', 'found by itself')}
          </div>
          <div className="connect-pair even">
            {field('User', 'user', 'postgres')}
            <label>
              <span>Password</span>
              <input
                type="password"
                value={password}
                autoComplete="off"
                placeholder="as before, or from ~/.pgpass"
                onChange={(event) => setPassword(event.target.value)}
              />
            </label>
          </div>
          <label>
            <span>Connection</span>
            <select value={parts?.tls ?? ''} disabled={parts === undefined} onChange={(event) => change({ tls: event.target.value })}>
              {Object.entries(parts === undefined || parts.tls in PROTECTIONS ? PROTECTIONS : { ...PROTECTIONS, [parts.tls]: `sslmode=${parts.tls}` }).map(
                ([mode, words]) => (
                  <option key={mode} value={mode}>
                    {words}
                  </option>
                ),
              )}
            </select>
          </label>
          {parts?.tls !== 'disable' &&
            parts?.tls !== 'no-verify' &&
            field('Certificate of the authority', 'authority', 'a file, if the system does not know it')}
          {failure !== undefined && (
            <p role="alert" className="warning selectable">
              {explain(failure)}
            </p>
          )}
          {canRemember && (
            <label className="connect-remember">
              <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
              <span>Remember the password, encrypted with the keychain of this system</span>
            </label>
          )}
          <p className="dim">
            Hindsight only reads, in transactions that cannot write.{' '}
            {canRemember === false && 'This system has no keychain that could protect the password, so it is kept until Hindsight ends, and written nowhere.'}
            {canRemember && !remember && 'The password is kept until Hindsight ends, and written nowhere.'}
          </p>
        </div>
        <div className="dialog-foot">
          <span className="grow" />
          <button type="submit" className="button primary" disabled={busy || parts === undefined}>
            {busy ? 'Connecting…' : 'Connect'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
