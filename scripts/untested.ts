/**
 * Lists the faults of a report that no test and no decision names: `node scripts/untested.ts REPORT`. A fault is a row of a table
 * that begins with an id, such as `|T3 (1)|` or `|D14 (2)|`.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const ID = /^\|([A-Z]\d+)\b/gm;

const [report] = process.argv.slice(2);
if (report === undefined) fail('usage: node scripts/untested.ts REPORT');
const texts = globSync(['test/**/*.{ts,tsx}', 'docs/decisions/*.md'], { cwd: ROOT }).map((path) => readFileSync(join(ROOT, path), 'utf8'));
const named = new Set(texts.flatMap((text) => [...text.matchAll(/\b[A-Z]\d+\b/g)].map(([id]) => id)));
const ids = [...readFileSync(report, 'utf8').matchAll(ID)].map(([, id]) => id as string);
const untested = ids.filter((id) => !named.has(id));
console.log(
  `${ids.length} faults, ${untested.length === 0 ? 'each with a test or a decision' : `of which no test and no decision names ${untested.join(' ')}`}`,
);
process.exitCode = untested.length === 0 ? 0 : 1;
