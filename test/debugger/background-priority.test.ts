import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const MODULE = join(import.meta.dirname, '..', '..', 'core', 'debugger', 'background-priority.ts');
const THREAD = `
const { parentPort } = require('node:worker_threads');
const { getPriority } = require('node:os');
const { readlinkSync } = require('node:fs');
const own = () => getPriority(Number(readlinkSync('/proc/thread-self').split('/').pop()));
import(${JSON.stringify(MODULE)}).then(({ giveWay }) => {
  giveWay();
  parentPort.postMessage(own());
});
`;

it.runIf(process.platform === 'linux')('a thread that works in the background gives way, and no other one of its process', async () => {
  const before = getPriority(process.pid);
  const worker = new Worker(THREAD, { eval: true });
  const [priority] = await once(worker, 'message');
  await worker.terminate();
  expect(priority).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
  expect(getPriority(process.pid)).toBe(before);
});
