import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { expect, start, temporary, test } from './fixtures.ts';

const NOW = '2026-06-01T12:00:00+00:00';
const ROW = { workflowId: 'watched', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;

async function append(store: SqliteBackend, executionId: string, from: number, to: number): Promise<void> {
  for (let i = from; i <= to; i++) {
    const kind = { type: 'node_completed', node_id: `step ${i % 4}`, output: i, state_patch: { last: i }, duration_ms: 5 } as const;
    await store.appendEvent({ id: randomUUID(), executionId, kind, createdAt: NOW });
  }
}

test('M20: a run that is being written is followed at its end, and stays where the cursor was moved to', async () => {
  const path = join(temporary('live'), 'live.db');
  const store = await SqliteBackend.open(path);
  const executionId = randomUUID();
  await store.createExecution({ executionId, ...ROW });
  await append(store, executionId, 1, 20);
  const hindsight = await start({ args: [`--open=${path}`, `--execution=${executionId}`] });
  const { page, cursor, idle, trouble } = hindsight;
  const slider = page.getByRole('slider', { name: 'Sequence' });
  await expect(slider).toHaveAttribute('aria-valuenow', '20');
  await idle();

  await append(store, executionId, 21, 60);
  await expect(slider).toHaveAttribute('aria-valuenow', '60');
  await expect.poll(cursor).toContain('#60 of 60');
  await expect(page.getByText('following')).toBeVisible();
  await expect(page.getByRole('treeitem', { name: 'last' })).toContainText('60');
  await expect(page.getByRole('grid', { name: 'Events' }).locator('[aria-selected=true] .sequence')).toHaveText('60');

  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await append(store, executionId, 61, 97);
  const news = page.getByRole('button', { name: '37 new events' });
  await expect(news).toBeVisible();
  await expect(slider).toHaveAttribute('aria-valuenow', '59');
  await expect(slider).toHaveAttribute('aria-valuemax', '97');
  await expect(page.getByRole('treeitem', { name: 'last' })).toContainText('59');
  await news.click();
  await expect(slider).toHaveAttribute('aria-valuenow', '97');
  await page.keyboard.press('ControlOrMeta+Shift+F');
  await page.getByRole('textbox', { name: 'Search every event' }).fill('step 2');
  const found = page.getByRole('status', { name: 'Found in the run' });
  await expect(found).toHaveText('24 hits in 24 events');
  await append(store, executionId, 98, 98);
  await expect(slider).toHaveAttribute('aria-valuenow', '98');
  await expect(found).toHaveText('24 hits in 24 events, up to #97 of 98');
  await page.getByRole('button', { name: 'Search on' }).click();
  await expect(found).toHaveText('25 hits in 25 events');
  await page.getByRole('button', { name: 'Close the search' }).click();

  // The list shows what is new while it is at its top, and holds still when it is not.
  await page.keyboard.press('ControlOrMeta+l');
  await store.createExecution({ executionId: randomUUID(), ...ROW });
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('2 of 2 shown');
  await page.getByRole('grid', { name: 'Executions' }).press('ArrowDown');
  await store.createExecution({ executionId: randomUUID(), ...ROW });
  await page.getByRole('button', { name: 'new data' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('3 of 3 shown');
  await store.close();
  expect(trouble).toEqual([]);
  await hindsight.app.close();
});

test('M20: a database that was closed when it was opened here says that it has changed, and is read again', async () => {
  const folder = temporary('closed');
  const path = join(folder, 'closed.db');
  const executionId = randomUUID();
  const store = await SqliteBackend.open(path);
  await store.createExecution({ executionId, ...ROW });
  await append(store, executionId, 1, 5);
  await store.close();
  const hindsight = await start({ args: [`--open=${path}`, `--execution=${executionId}`] });
  const { page, trouble } = hindsight;
  const slider = page.getByRole('slider', { name: 'Sequence' });
  await expect(slider).toHaveAttribute('aria-valuenow', '5');
  const writer = await SqliteBackend.open(path);
  await append(writer, executionId, 6, 9);
  await page.getByRole('button', { name: 'the database has changed' }).click();
  await expect(slider).toHaveAttribute('aria-valuemax', '9');
  await append(writer, executionId, 10, 10);
  await expect(slider).toHaveAttribute('aria-valuemax', '10');
  await writer.close();
  expect(trouble).toEqual([]);
  await hindsight.app.close();
});
