import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromPlain, type Plain } from '../../core/json/plain.ts';
import { historyOf } from '../support/history.ts';
import type { HostileHistory } from '../support/hostile.ts';
import { blameIsRight, DENSITIES, diffsApply, equalsReference } from '../support/laws.ts';

const FOLDER = join(import.meta.dirname, 'corpus');
const PICKS = Array.from({ length: 40 }, (_, i) => i * 7);

describe('the corpus', () => {
  it.each(readdirSync(FOLDER))('F24: %s: replay, blame and diff agree with the reference fold', (name) => {
    expect.hasAssertions();
    const { initialInput, events } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as { initialInput: Plain; events: HostileHistory['events'] };
    const hostile: HostileHistory = { initialInput: fromPlain(initialInput), events, snapshots: [] };
    for (const limits of DENSITIES) {
      for (const chunkSize of [1, 7, 1000]) {
        const history = historyOf(hostile, chunkSize, limits);
        equalsReference(hostile, history, PICKS);
        blameIsRight(hostile, history, PICKS);
        diffsApply(history);
      }
    }
  });
});
