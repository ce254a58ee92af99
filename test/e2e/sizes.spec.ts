import type { Locator } from '@playwright/test';
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
  for (let i = 0; i < 20; i++) await first.app.evaluate(({ Menu }) => void setImmediate(() => Menu.getApplicationMenu()?.getMenuItemById('zoom-in')?.click()));
  await expect.poll(() => zoomOf(first.app)).toBeCloseTo(3);
  await first.app.close();
  const second = await start({ userData });
  await second.idle();
  await expect.poll(() => zoomOf(second.app)).toBeCloseTo(3);
  await second.app.close();
});

for (const [width, height] of [
  [900, 600],
  [640, 400],
] as const) {
  test(`S8, S17: nothing is out of reach at ${width} × ${height}`, async ({ hindsight }) => {
    const { page, goTo } = hindsight;
    await openSample(hindsight);
    await page.setViewportSize({ width, height });
    for (const name of ['Close', 'Open…', 'Command palette']) await expect(page.getByRole('button', { name }).first()).toBeInViewport({ ratio: 1 });
    for (const chip of await page.locator('.filters .chip').all()) {
      await chip.scrollIntoViewIfNeeded();
      await expect(chip).toBeInViewport({ ratio: 1 });
    }
    const grid = page.getByRole('grid', { name: 'Executions' });
    for (const name of ['Events', 'Status']) {
      await grid.getByRole('columnheader', { name }).scrollIntoViewIfNeeded();
      await expect(grid.getByRole('columnheader', { name })).toBeInViewport({ ratio: 1 });
    }
    await hindsight.openExecution('9f31c2d4');
    await goTo(402);
    for (const name of ['Play', 'Export…', 'Command palette']) await expect(page.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 });
    for (const part of [page.getByText(/^given ≠ \d+ paths$/), page.getByRole('tab', { name: 'JSON' }), page.getByLabel('reveal changes')]) {
      await part.scrollIntoViewIfNeeded();
      await expect(part).toBeInViewport({ ratio: 1 });
      expect(await isWhole(part)).toBe(true);
    }
    const what = page.getByRole('grid', { name: 'Events' }).getByRole('row', { selected: true }).locator('.what');
    expect((await what.boundingBox())?.width).toBeGreaterThan(130);
    await page.getByRole('region', { name: 'Inspector' }).getByRole('heading', { level: 3 }).scrollIntoViewIfNeeded();
    await expect(page.getByRole('region', { name: 'Inspector' }).getByRole('heading', { level: 3 })).toBeInViewport({ ratio: 1 });
  });
}

/** Whether the text of an element is not cut. */
function isWhole(part: Locator): Promise<boolean> {
  return part.evaluate((element) => element.scrollWidth <= element.clientWidth || getComputedStyle(element).overflow === 'visible');
}

test('S8: the toolbar has its buttons at twice the size, and where the difference is stays in sight in a narrow panel', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('9f31c2d4');
  await goTo(402);
  for (let i = 0; i < 5; i++) await page.keyboard.press('Control+Equal');
  await expect.poll(() => page.evaluate(() => innerWidth)).toBeLessThan(800);
  for (const name of ['Play', 'Export…', 'Command palette']) await expect(page.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Control+0');
  // The events take what the state has to spare.
  const separator = page.getByRole('separator').first();
  await separator.focus();
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
  const given = page.getByText(/^given ≠ \d+ paths$/);
  await expect(given).toBeInViewport({ ratio: 1 });
  expect(await isWhole(given)).toBe(true);
});

test('S8: the heads of the state and the find in its JSON take one row at 1280 px, where the event changed something', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('9f31c2d4');
  await goTo(402);
  const middles = (part: Locator): Promise<number[]> =>
    part.evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect()).map(({ top, height }) => Math.round(top + height / 2)));
  const isOneRow = async (part: Locator): Promise<boolean> => {
    const all = await middles(part);
    return all.length > 3 && Math.max(...all) - Math.min(...all) <= 2;
  };
  const head = page.locator('.state > .bar').first();
  await expect(head).toHaveText(/State\s*at #402\s*1 changed\s*3 added\s*1 removed/);
  expect(await isOneRow(head.locator('> *:not(.grow)'))).toBe(true);
  await page.getByRole('tab', { name: 'JSON' }).click();
  await page.getByRole('searchbox', { name: 'Find in the JSON' }).fill('a');
  await expect(page.getByRole('status', { name: 'Found' })).toHaveText(/^1 of \d+$/);
  expect(await isOneRow(page.locator('.json-foot > *'))).toBe(true);
  expect(await isWhole(page.getByRole('status', { name: 'Found' }))).toBe(true);
});

test('S12: headers stand above their columns, and units beside their numbers', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const grid = page.getByRole('grid', { name: 'Executions' });
  const lefts = async (row: number): Promise<number[]> =>
    grid
      .getByRole('row')
      .nth(row)
      .locator(':scope > div')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
  expect(await lefts(0)).toEqual(await lefts(1));
  await page.getByRole('searchbox', { name: 'Search executions' }).fill('9f31c2d4');
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('1 of 60 shown');
  expect(await lefts(0)).toEqual(await lefts(1));
});

test('A6: panes that a small window squeezed have their shares again in a larger one, and what is dragged stays', async ({ hindsight }) => {
  const { page, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('9f31c2d4');
  const widths = async (): Promise<number[]> => {
    await idle();
    return page
      .locator('.panes > .pane, .panes [data-panel]')
      .evaluateAll((panes) => [...new Set(panes.map((pane) => Math.round(pane.getBoundingClientRect().width)))]);
  };
  await page.setViewportSize({ width: 1600, height: 900 });
  const usual = await widths();
  await page.setViewportSize({ width: 900, height: 600 });
  expect(await widths()).not.toEqual(usual);
  await expect(page.getByRole('button', { name: 'All details' })).toBeVisible();
  await page.getByRole('button', { name: 'All details' }).click();
  await page.getByRole('menuitem', { name: 'Bookmarks' }).click();
  await expect(page.getByRole('tab', { name: 'Bookmarks' })).toHaveAttribute('aria-selected', 'true');
  await page.setViewportSize({ width: 1600, height: 900 });
  await expect.poll(widths).toEqual(usual);
  await page.locator('.panes').getByRole('separator').first().focus();
  await page.keyboard.press('ArrowRight');
  const dragged = await widths();
  expect(dragged).not.toEqual(usual);
  await page.setViewportSize({ width: 900, height: 600 });
  await page.setViewportSize({ width: 1600, height: 900 });
  await expect.poll(widths).toEqual(dragged);
});
