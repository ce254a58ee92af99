/**
 * `node ready.ts HOW DATABASE EXECUTION` loads a history in one of several ways and prints the time and the memory.
 *
 * - `index`: columns, patches and keyframes.
 * - `load-all`: every row as a parsed object.
 * - `every-state`: the same, and the state after each event as a reducer makes it: changes are copied, the rest is shared.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import type { Json } from '../../core/json/value.ts';
import { folded } from './subject.ts';

type Plain = { readonly [key: string]: unknown };

const [how, path = '', execution = ''] = process.argv.slice(2);
const started = performance.now();
const { state, kept } = how === 'index' ? await index() : how === 'load-all' ? loadAll() : everyState();
const milliseconds = performance.now() - started;
globalThis.gc?.();
const { heapUsed, arrayBuffers } = process.memoryUsage();
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
console.log(JSON.stringify({ milliseconds, live: (heapUsed + arrayBuffers) / 2 ** 20, peak, state: fingerprint(state), kept: kept.length }));

/** Of plain JSON, because the other ways do not keep the spelling of numbers. */
function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(parseJson(JSON.stringify(value))))
    .digest('hex');
}

async function index() {
  const open = await folded({ file: { original: path, real: path, path, access: 'live' }, execution });
  const last: Json = open.history.stateAt(open.history.count - 1);
  return { state: JSON.parse(canonicalJson(last)) as unknown, kept: [open] };
}

function load(): { kind: Plain }[] {
  const database = new Database(path, { readonly: true });
  const rows = database.prepare('SELECT sequence, kind_json, created_at FROM events WHERE execution_id = ? ORDER BY sequence').all(execution) as {
    kind_json: string;
  }[];
  return rows.map((row) => ({ ...row, kind: JSON.parse(row.kind_json) as Plain }));
}

function loadAll() {
  return { state: null as unknown, kept: load() as unknown[] };
}

function everyState() {
  const events = load();
  let last: unknown = events[0]?.kind['initial_input'];
  const states = events.map(({ kind }) => {
    last = reduce(last, kind);
    return last;
  });
  return { state: last, kept: [events, states] as unknown[] };
}

function reduce(state: unknown, kind: Plain): unknown {
  if (kind['type'] === 'workflow_completed') return kind['final_state'];
  const patch = kind['state_patch'];
  return (kind['type'] === 'node_completed' || kind['type'] === 'approval_received') && patch != null ? merge(state, patch) : state;
}

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: { [key: string]: unknown } = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete result[key];
    else result[key] = merge(result[key], change);
  }
  return result;
}
