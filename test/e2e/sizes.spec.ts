import { expect, openSample, start, temporary, test } from './fixtures.ts';

/** The faults of sizes, by their ids. */

test('A6: the window zooms from 50 to 300 % by keys and menu, also while typing, and remembers it', async () => {
  const userData = temporary('zoom');
  const zoomOf = (app: Awaited<ReturnType<typeof start>>['app']): Promise<number | undefined> =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor());
  const first = await start({ userData });
  await openSample(first);
  await first.page.keyboard.press('Control+Equal');
  await expect.poll(() => zoomOf(first.app)).toBeCloseTo(1.1);
  await first.page.getByRole('searchbox', { name: 'Search executions' }).focus();
  await first.page.keyboard.press('Control+Minus');
  await first.page.keyboard.press('Control+Minus');
  await expect.poll(() => zoomOf(first.app)).toBeCloseTo(0.9);
  await first.page.keyboard.press('Control+k');
  await first.page.keyboard.press('Control+0');
  await expect.poll(() => zoomOf(first.app)).toBeCloseTo(1);
  await first.page.keyboard.press('Escape');
  for (let i = 0; i < 12; i++) await first.page.keyboard.press('Control+Minus');
  await expect.poll(() => zoomOf(first.app)).toBeCloseTo(0.5);
  for (let i = 0; i < 20; i++) await first.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('zoom-in')?.click());
  await expect.poll(() => zoomOf(first.app)).toBeCloseTo(3);
  await first.app.close();
  const second = await start({ userData });
  await second.idle();
  await expect.poll(() => zoomOf(second.app)).toBeCloseTo(3);
  await second.app.close();
});
