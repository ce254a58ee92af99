/**
 * `npm run bench -- [G3 G4 … | opening seeking …] [--size small|full] [--json]` measures the goals of docs/performance.md, as
 * ratios within one process and only after the answers have been checked. Each group has its own process, with the
 * engine's V8 flags. Databases are generated from a seed into the user's cache.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ENGINE_FLAGS } from '../electron/engine-flags.ts';
import { GROUPS, SIZES } from './bench/groups.ts';
import type { Row } from './bench/measure.ts';
import { fail, say } from './say.ts';

const { values, positionals: requested } = parseArgs({
  options: { size: { type: 'string', default: 'small' }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (SIZES[values.size] === undefined) fail(`Unknown size "${values.size}"; the sizes are ${Object.keys(SIZES).join(' and ')}.`);
const goals = Object.values(GROUPS).flatMap((group) => group.goals);
for (const name of requested) {
  if (GROUPS[name] === undefined && !goals.includes(name)) fail(`Unknown goal or group "${name}"; there are ${[...goals, ...Object.keys(GROUPS)].join(', ')}.`);
}

const rows: Row[] = [];
for (const [name, group] of Object.entries(GROUPS)) {
  const isRequested = requested.includes(name) || group.goals.some((goal) => requested.includes(goal));
  if (requested.length > 0 && !isRequested) continue;
  if (requested.length === 0 && group.onlyFull && values.size === 'small') {
    say(`${group.goals.join(', ')}: not measured with --size small unless named`);
    continue;
  }
  say(`measuring ${group.goals.join(', ')}`);
  const found = measure(name);
  rows.push(...(requested.length === 0 || requested.includes(name) ? found : found.filter(({ goal }) => requested.includes(goal))));
  if (!values.json) for (const line of rows.splice(0)) print(line);
}
if (values.json) console.log(JSON.stringify(rows));

function measure(name: string): Row[] {
  const program = join(import.meta.dirname, 'bench', 'groups.ts');
  const { stdout, status } = spawnSync(process.execPath, ['--expose-gc', ...(GROUPS[name]?.plainNode ? [] : ENGINE_FLAGS), program, name, values.size], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  if (status !== 0) fail(`${name} could not be measured.`);
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as Row[];
}

function print({ goal, what, value, unit, target, met, range, samples, frames }: Row): void {
  const verdict = met === undefined ? '      ' : met ? 'met   ' : 'MISSED';
  const rounds = range === undefined ? '' : ` (${range.join('–')})`;
  const goalText = target === undefined ? '' : `, goal ${Number(target.toPrecision(3))} ${unit}`;
  const basis = `${frames === undefined ? '' : `, ${frames} empty frames`}${samples === undefined ? '' : `, ${samples} samples`}`;
  console.log(`${verdict}  ${goal}  ${what}: ${value} ${unit}${rounds}${goalText}${basis}`);
}
