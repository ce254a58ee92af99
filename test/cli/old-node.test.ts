import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BUNDLE = join(ROOT, 'out', 'cli', 'cli.cjs');
const SAMPLE = join(ROOT, 'samples', 'runtime.db');
/** npm itself may run under an older Node than its scripts. */
const npmNode = process.env['npm_node_execpath'];

function list(node: string, ...options: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(node, [...options, BUNDLE, 'executions', SAMPLE], { encoding: 'utf8' });
  return { status, stderr };
}

it('E12: the bundled command line refuses a Node that its database driver crashes on, in one sentence', () => {
  const pretend = join(temporaryFolder(), 'pretend.cjs');
  writeFileSync(pretend, `Object.defineProperty(process.versions, 'node', { value: '20.20.2' });`);
  expect(list(process.execPath, '--require', pretend)).toEqual({
    status: 3,
    stderr: 'hindsight needs Node 22.14 or newer; this is 20.20.2. Install a newer one and run it again.\n',
  });
  expect(list(process.execPath).status).toBe(0);
});

it('E12: under the Node that runs npm, the bundled command line works or says why not', () => {
  if (npmNode === undefined) throw new Error('run the tests with npm, which sets npm_node_execpath');
  const { status, stderr } = list(npmNode);
  expect(status === 0 || (status === 3 && stderr.startsWith('hindsight needs Node'))).toBe(true);
});
