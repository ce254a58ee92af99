import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { SetAsideFile } from '../../core/debugger/set-aside-file.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { blameAt } from '../../core/replay/blame.ts';
import { History } from '../../core/replay/history.ts';
import { type SlabFile, Slabs } from '../../core/replay/slabs.ts';
import { finish } from '../../core/replay/steps.ts';
import { ChunkBuilder } from '../../core/source/chunk-builder.ts';
import { Random } from '../../scripts/sample/random.ts';
import { SEED } from '../support/hostile.ts';

const MB = 1024 * 1024;
const MEMORY = 12 * MB;

/** 60 MB of patches, some of which are longer than a slab. */
function filled(file: SlabFile | undefined): History {
  const history = new History(new Map(), true, undefined, file === undefined ? undefined : { memory: MEMORY, file });
  const random = new Random(SEED);
  for (let i = 1, size = 0; size < 60 * MB; i++) {
    const length = i % 40 === 0 ? 5 * MB : random.between(1000, 200_000);
    size += length;
    const builder = new ChunkBuilder();
    const patch = { [`k${i % 7}`]: { i, text: String.fromCharCode(97 + (i % 26)).repeat(length) } };
    const kind = { type: 'node_completed', node_id: `n${i % 5}`, output: null, state_patch: patch, duration_ms: 1 };
    builder.add(i, '2026-06-01T12:00:00+00:00', Buffer.from(JSON.stringify(kind)), undefined);
    history.append(builder.build());
  }
  return history;
}

describe('a history that is larger than memory', () => {
  const whole = filled(undefined);

  it('has the same states and the same blame as one in memory, and keeps no more than its limit', () => {
    const history = filled(new SetAsideFile());
    expect([history.patches.setAside > 40 * MB, history.patches.bytes < MEMORY + MB]).toEqual([true, true]);
    const random = new Random(SEED);
    for (let i = 0; i < 60; i++) {
      const position = random.between(0, whole.count - 1);
      expect(canonicalJson(history.stateAt(position))).toBe(canonicalJson(whole.stateAt(position)));
    }
    for (const path of ['/k0', '/k3/i', '/k6/text']) expect(finish(blameAt(history, path, 90))).toEqual(finish(blameAt(whole, path, 90)));
    // The file has no name, so nothing can be left behind.
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('hindsight-history-'));
    expect(process.platform === 'win32' || left.every((name) => !existsSync(`${tmpdir()}/${name}/patches`))).toBe(true);
  });

  it('stays in memory from where the file cannot grow on', () => {
    const file = new SetAsideFile();
    let left = 3;
    const full: SlabFile = { append: (slab) => (left-- > 0 ? file.append(slab) : undefined), read: (start, length) => file.read(start, length) };
    const history = filled(full);
    expect([history.patches.setAside >= 3 * Slabs.SIZE, history.patches.bytes > 40 * MB]).toEqual([true, true]);
    for (const position of [0, 50, whole.count - 1]) expect(canonicalJson(history.stateAt(position))).toBe(canonicalJson(whole.stateAt(position)));
  });

  it('stays in memory when there is no folder for the file', () => {
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = '/no/such/folder';
    try {
      const history = filled(new SetAsideFile());
      expect(history.patches.setAside).toBe(0);
      expect(canonicalJson(history.stateAt(history.count - 1))).toBe(canonicalJson(whole.stateAt(whole.count - 1)));
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });
});
