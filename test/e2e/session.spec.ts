import { basename, dirname } from 'node:path';
import { copyOf, expect, SAMPLE, start, test } from './fixtures.ts';

/** The faults of what is remembered, by their ids. */

test('S10: a database that the command line opened is among the recent ones, by its name and its folder', async () => {
  const path = copyOf(SAMPLE);
  const { app, page } = await start({ args: [`--open=${path}`] });
  await page.getByRole('grid', { name: 'Executions' }).waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  const recent = page.getByRole('listitem');
  await expect(recent.locator('b')).toHaveText(basename(path));
  await expect(recent.locator('.recent-path')).toHaveText(dirname(path));
  // The folder is cut at its beginning, and still begins with its slash.
  await expect(recent.locator('bdi')).toHaveAttribute('dir', 'ltr');
  await app.close();
});

test('S10: the alert of a failed drop does not outlive the database on screen', async () => {
  const { app, page } = await start({ args: ['--open=sample'] });
  await page.getByRole('grid', { name: 'Executions' }).waitFor();
  await page.locator('.app').evaluate((element) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['no database'], 'notes.txt'));
    element.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer }));
  });
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('heading', { name: 'Hindsight' }).waitFor();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await app.close();
});
