import type { AuditFindings } from '../../../core/contract/findings.ts';
import { AUDIT_DOES_NOT_PROVE, AUDIT_PROVES } from '../../../core/finding.ts';
import { useApp, useRun } from '../../state/context.ts';
import { count, plural } from '../../widgets/format.ts';

/** What the audit log of the database says as a whole, and what is not checked here. */
export function AuditNote({ audit }: { readonly audit: AuditFindings }) {
  const { client, queries } = useApp();
  const { source } = useRun();
  const { state, isOutdated } = audit;
  const send = async (name: 'findings.audit.stop' | 'findings.audit.forget'): Promise<void> => {
    await client.ask(name, { source });
    await queries.invalidateQueries({ predicate: ({ queryKey: [asked] }) => asked === 'findings.audit' });
  };
  return (
    <div className="audit-note selectable" role="note" aria-label="Audit log">
      <p>
        {sentence(audit)}{' '}
        {state === 'reading' ? (
          <button type="button" className="link" onClick={() => void send('findings.audit.stop')}>
            Stop
          </button>
        ) : (
          (state === 'stopped' || isOutdated) && (
            <button type="button" className="link" onClick={() => void send('findings.audit.forget')}>
              Read it again
            </button>
          )
        )}
      </p>
      <p className="dim">
        {state === 'whole' && audit.breaks === 0 && `${AUDIT_PROVES} `}
        {AUDIT_DOES_NOT_PROVE} {audit.signed === 0 ? 'No entry is signed' : `${plural(audit.signed, 'entry', 'entries')} signed`}; signatures need a key, so
        only the command line checks them: <code>audit --key-file</code>.
      </p>
    </div>
  );
}

function sentence({ state, entries, breaks, kept, total, isOutdated }: AuditFindings): string {
  const read = plural(entries, 'entry', 'entries');
  const concern = total === 0 ? 'none concerns' : total === 1 ? '1 concerns' : `${count(total)} concern`;
  const own = total === breaks ? 'all listed here' : `of which ${concern} this run`;
  const found = breaks === 0 ? 'no break' : `${plural(breaks, 'break')}, ${own}${breaks > kept ? ` (only the first ${count(kept)} were told apart)` : ''}`;
  if (state === 'reading') return `The audit log of the database is being read: ${read}, ${found} so far.`;
  if (state === 'stopped') return `The reading of the audit log was stopped after ${read}, with ${found}.`;
  const verdict = breaks === 0 ? `was intact when it was read: ${read}` : `is broken: ${read}, ${found}`;
  return `The audit log of the database ${verdict}.${isOutdated ? ' The database was written to since.' : ''}`;
}
