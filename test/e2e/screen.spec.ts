import { expect, openSample, test } from './fixtures.ts';

/** The faults on screen, by their ids. */

const AGENT = '9f31c2d4';

test('S1, S2: the filter finds words that are on screen, and the keys step through what it finds', async ({ hindsight }) => {
  const { page, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  const filter = page.getByRole('textbox', { name: 'Filter events' });
  const shown = page.getByRole('status', { name: 'Events shown' });
  const slider = page.getByRole('slider', { name: 'Sequence' });
  const grid = page.getByRole('grid', { name: 'Events' });
  const at = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));
  await filter.fill('timeout');
  await expect(shown).toHaveText(/^[1-9]\d* of 409$/);
  const sequences = (await grid.getByRole('row').evaluateAll((rows) => rows.map((row) => Number(row.querySelector('.sequence')?.textContent)))).sort(
    (a, b) => a - b,
  );
  await filter.press('Enter');
  await expect(slider).toHaveAttribute('aria-valuenow', String(sequences[0]));
  await expect(grid).toBeFocused();
  for (const sequence of sequences.slice(1)) {
    await page.keyboard.press('ArrowDown');
    await expect(slider).toHaveAttribute('aria-valuenow', String(sequence));
    await expect(grid.getByRole('row', { selected: true })).toContainText(String(sequence));
  }
  await page.keyboard.press('Shift+F3');
  await expect(slider).toHaveAttribute('aria-valuenow', String(sequences.at(-2)));
  await page.keyboard.press('F3');
  await expect(slider).toHaveAttribute('aria-valuenow', String(sequences.at(-1)));
  await page.keyboard.press('ArrowRight');
  await idle();
  expect(await at()).toBe((sequences.at(-1) as number) + 1);
  await expect(grid.locator('.event-row.near')).toContainText(String(sequences.at(-1)));

  await filter.fill('foo:bar');
  await expect(page.getByRole('alert')).toContainText('there is no field "foo:"');
  await expect(shown).toHaveText('');
  await filter.fill('after:#400 -type:started');
  await expect(shown).toHaveText(/^[1-9] of 409$/);
});

test('S3, S11: the end of a failed run leads to the event that failed, and says its error once', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await page.getByRole('button', { name: /^failed/ }).click();
  await page.getByRole('grid', { name: 'Executions' }).getByRole('row').nth(1).dblclick();
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await expect(inspector).toContainText('workflow_failed');
  const error = (await inspector.getByRole('heading', { level: 3 }).textContent()) ?? '';
  expect((await inspector.locator('.facts').first().textContent())?.includes(error)).toBe(false);
  const cause = inspector.getByRole('button', { name: /^#\d+ .+: .+/ });
  await expect(cause).toHaveCount(1);
  await cause.click();
  await expect(inspector).toContainText('node_failed');
});

test('S5, S18: Home goes to the top of the list, whose rows begin with the node', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(300);
  const first = page.getByRole('grid', { name: 'Events' }).getByRole('row').first();
  await page.keyboard.press('Home');
  await expect(first.locator('.sequence')).toHaveText('1');
  await expect(first).toBeInViewport();
  const failed = page.getByRole('textbox', { name: 'Filter events' });
  await failed.fill('type:node_failed');
  await expect(page.getByRole('grid', { name: 'Events' }).getByRole('row').first().locator('.what')).toHaveText(/^\S+ failed · .*timeout/);
});

test('M22, S11: the next segment is a link, and a completed node leads to its start', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('c0ffee00');
  await page.getByRole('textbox', { name: 'Filter events' }).fill('segment_boundary');
  await page.getByRole('textbox', { name: 'Filter events' }).press('Enter');
  await page
    .getByRole('region', { name: 'Inspector' })
    .getByRole('button', { name: /^[0-9a-f]{8}-/ })
    .click();
  await expect(page.locator('.topbar')).toContainText('segment 2');
  await expect(page.getByRole('slider', { name: 'Sequence' })).toHaveAttribute('aria-valuenow', '0');
  await goTo(1);
  await expect(page.getByRole('region', { name: 'Inspector' })).not.toContainText('1 events');
});

test('S12: Enter in the search opens the selected execution, and the chips count what the search finds', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const search = page.getByRole('searchbox', { name: 'Search executions' });
  await search.fill('9f31');
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('1 of 60 shown');
  await expect(page.getByRole('button', { name: /^All/ })).toHaveText('All 1');
  await expect(page.getByRole('button', { name: /^failed/ })).toHaveText('failed 0');
  const grid = page.getByRole('grid', { name: 'Executions' });
  const left = async (row: number): Promise<number | undefined> => (await grid.getByRole('row').nth(row).locator('.number').last().boundingBox())?.x;
  expect(await left(0)).toBe(await left(1));
  await search.press('Enter');
  await expect(page.getByRole('slider', { name: 'Sequence' })).toHaveAttribute('aria-valuemax', '409');
});

test('A1, A2, A3: the tree and the flags are operated by keys, and a row is described', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const tree = page.getByRole('tree', { name: 'State' });
  const at = page.getByRole('slider', { name: 'Sequence' });
  await expect(tree.getByRole('treeitem', { name: 'approved_by', exact: true })).toHaveAccessibleDescription('"kim", string, added');
  await tree.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  const first = tree.getByRole('treeitem').first();
  await expect(first).toHaveAttribute('aria-selected', 'true');
  const customer = tree.getByRole('treeitem', { name: 'customer', exact: true });
  await customer.click();
  await expect(customer).toHaveAttribute('aria-expanded', 'true');
  await tree.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(customer).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('ArrowRight');
  await expect(customer).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await expect(customer).toHaveAttribute('aria-selected', 'true');
  await expect(at).toHaveAttribute('aria-valuenow', '402');
  await expect(page.getByRole('group', { name: 'Snapshots' }).locator('[tabindex="0"]')).toHaveCount(1);
});

test('T9, T10: the diff follows the reading, and a legend says what the marks mean', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  await expect(page.locator('.legend')).toHaveText('changed by this event');
  await page.getByRole('button', { name: 'given', exact: true }).click();
  await expect(page.locator('.legend')).toHaveText('differs from replay');
  await page.getByRole('tab', { name: 'Diff' }).click();
  // Nodes do not receive the edit of an approval.
  await expect(page.getByText('This event did not change the state.')).toBeVisible();
});

test('S13: changes only and matches only are played at a fixed rate', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(0);
  await page.getByRole('textbox', { name: 'Filter events' }).fill('type:node_failed');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('1000 / s');
  await page.getByRole('combobox', { name: 'Events that are played' }).selectOption('matches only');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('node_failed');
  await page.getByRole('combobox', { name: 'Events that are played' }).selectOption('changes only');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('16×');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
});
