import { createWriteStream } from 'node:fs';
import { homedir } from 'node:os';
import { OpenExecution } from '/work/main/core/debugger/execution.ts';
import { timelineView } from '/work/main/core/debugger/timeline.ts';
import { eventLines } from '/work/main/core/export/events.ts';
import { SqliteSource } from '/work/main/core/source/sqlite/source.ts';

const path = `${homedir()}/.cache/hindsight/bench/${process.argv[2] ?? 1000000}.db`;
const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a' as any;
const s = SqliteSource.open({ original: path, path, access: 'live', folder: undefined });
const e = await OpenExecution.open(s, AGENT);
await e.index();
for (const span of [1, 2, 10, 100, 1000]) {
  for (let i = 0; i < 3; i++) {
    const a = performance.now();
    timelineView(e, 1, Math.floor(e.lastSequence / span), 1600);
    console.log(span, (performance.now() - a).toFixed(1));
  }
}
const t = performance.now();
const o = createWriteStream('/tmp/out.jsonl');
let n = 0;
for await (const { text: l } of eventLines(s, AGENT, {})) {
  n++;
  if (!o.write(l)) await new Promise((r: any) => o.once('drain', r));
}
o.end();
console.log('export', (performance.now() - t).toFixed(0), n);
