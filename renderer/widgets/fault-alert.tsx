import { TriangleAlert, X } from 'lucide-react';
import { explain, SEVERAL_DATABASES } from '../../core/fault.ts';
import { useApp, useNotices } from '../state/context.ts';
import './fault-alert.css';

/** The last failure as a sentence, with the details collapsed. */
export function FaultAlert() {
  const { notices, navigation, client } = useApp();
  const fault = useNotices((state) => state.fault);
  if (fault === undefined) return null;
  return (
    <div className="fault" role="alert">
      <TriangleAlert size={16} aria-hidden="true" />
      <div className="grow">
        <p className="selectable">{explain(fault)}</p>
        <details>
          <summary>Details</summary>
          <code className="mono selectable">
            {fault.kind}
            {fault.detail === undefined ? '' : `: ${fault.detail}`}
          </code>
        </details>
      </div>
      {fault.kind === 'needs-recovery' && fault.detail !== SEVERAL_DATABASES && (
        <button
          type="button"
          className="button"
          onClick={() => void navigation.open('Copying the database and undoing the write…', client.ask('host.openRecovered', {}))}
        >
          Open a Copy without that Write
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={notices.dismiss}>
        <X aria-hidden="true" />
      </button>
    </div>
  );
}
