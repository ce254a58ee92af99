/**
 * A worker that claims items, completes most of them and drops the others as if it had crashed, until the file STOP exists.
 * Its clock runs faster than real time, so that leases and back-offs pass quickly.
 *
 *   node claimer.ts DATABASE NAME SEED SPEED STOP LOG
 */
import { appendFileSync, existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { FenceLostError } from '../../core/store/errors.ts';
import type { WorkItem } from '../../core/store/port.ts';
import { Random } from '../../scripts/sample/random.ts';
import { storeAt } from './store-at.ts';

/** The percentage of claims that are dropped. */
const DROPPED_PERCENT = 12;
const START = Date.UTC(2026, 5, 1, 12);

const [address = '', name = '', seed = '0', speed = '1', stop = '', log = ''] = process.argv.slice(2);
const random = new Random(Number(seed));
const store = await storeAt(address, { clock: () => START + (Date.now() % 1e9) * Number(speed) });

while (!existsSync(stop)) {
  const item = await store.claimWorkItem(name, ['tool', 'model']);
  if (item === undefined) {
    await store.reclaimExpiredLeases();
    await setImmediate();
  } else if (random.between(1, 100) > DROPPED_PERCENT) {
    // On a busy machine the lease may have expired by now. Then another worker has the item, and the fence is stale.
    if (random.between(1, 10) === 1 && !(await renewed(item))) continue;
    if (await store.completeWorkItemFenced(item.id, item.fence)) appendFileSync(log, `${item.id}\n`);
  }
}
await store.close();

async function renewed({ id, fence }: WorkItem): Promise<boolean> {
  try {
    await store.renewLease(id, name, fence);
    return true;
  } catch (error) {
    if (error instanceof FenceLostError) return false;
    throw error;
  }
}
