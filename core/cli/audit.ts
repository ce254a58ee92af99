import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AuditReport, auditChain } from '../audit/chain.ts';
import { AUDIT_DOES_NOT_PROVE, AUDIT_PROVES, FINDINGS, type FindingMeaning } from '../finding.ts';
import { fromPlain } from '../json/plain.ts';
import { say, writeValue } from './output.ts';
import { withSource } from './source.ts';
import { type Column, isForPeople, writeRows } from './table.ts';

/** The exit code when a break was found. */
const BROKEN = 1;
/** The key may be here instead of in a file. */
const KEY_VARIABLE = 'HINDSIGHT_AUDIT_KEY';

const COLUMNS: readonly Column[] = [
  { key: 'entry', heading: 'ENTRY', right: true },
  { key: 'kind', heading: 'KIND' },
  { key: 'sequence', heading: 'SEQUENCE', right: true },
  { key: 'detail', heading: 'FOUND' },
];

interface AuditOptions {
  readonly keyFile?: Buffer;
  readonly expect?: string;
  readonly json?: true;
}

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('recompute the audit log: hashes, links, signatures and events; exit code 1 when something does not fit')
    .argument('<source>')
    .addOption(new Option('--key-file <file>', `the file with the key of the signatures; or set ${KEY_VARIABLE}`).argParser(keyOf))
    .option('--expect <hash>', 'the head hash that was noted before', hashOf)
    .option('--json', 'print on one line')
    .action(async (text: string, { keyFile, expect, json }: AuditOptions) => {
      const variable = process.env[KEY_VARIABLE];
      const key = keyFile ?? (variable === undefined || variable === '' ? undefined : Buffer.from(variable));
      const report = await withSource(text, (source) => auditChain(source, { key, expect }));
      await writeReport(report, json);
      if (report.breaks > 0) process.exitCode = BROKEN;
    });
}

async function writeReport(report: AuditReport, json: true | undefined): Promise<void> {
  const findings = report.findings.map(({ kind, entry, entryId, executionId, sequence, detail }) => {
    const { severity, means, doesNotProve = '' }: FindingMeaning = FINDINGS[kind];
    return { kind, severity, entry, entry_id: entryId, execution_id: executionId, sequence, detail, means, does_not_prove: doesNotProve };
  });
  const { entries, sound, signed, verified, head, expected, breaks } = report;
  if (!isForPeople({ json })) {
    const limits = { proves: AUDIT_PROVES, does_not_prove: AUDIT_DOES_NOT_PROVE };
    return writeValue(fromPlain({ entries, sound, signed, verified, head: head ?? null, expected, breaks, findings, ...limits }), { compact: json });
  }
  if (findings.length > 0) await writeRows(findings, COLUMNS, {});
  say(`${entries} entries, ${sound} sound, ${signed} signed${verified === undefined ? '' : `, ${verified} signatures verified`}. Head: ${head ?? 'none'}.`);
  if (expected === 'earlier') say('The expected hash is that of an earlier entry: others were written since.');
  if (breaks === 0) say(AUDIT_PROVES);
  say(AUDIT_DOES_NOT_PROVE);
}

/** The bytes of a key file, without the line break at its end. @throws InvalidArgumentError */
function keyOf(path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InvalidArgumentError(`The key cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const end = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? -2 : -1) : bytes.length;
  const key = bytes.subarray(0, end);
  if (key.length === 0) throw new InvalidArgumentError('The file is empty; it must hold the key.');
  return key;
}

function hashOf(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('It must be the 64 hexadecimal digits of a hash.');
  return text.toLowerCase();
}
