import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, openSample, ROOT, test } from './fixtures.ts';

const SCREENS = join(ROOT, 'test-results', 'screens');
const PICTURES = join(ROOT, 'docs', 'pictures');
const AGENT = '9f31c2d4';

/** A picture of a part of the window; with HINDSIGHT_PICTURES=1 that of the guide is renewed, too. */
async function picture(part: Locator, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await part.page().mouse.move(0, 0);
  const path = join(SCREENS, `panel-${name}.png`);
  await part.screenshot({ path });
  if (process.env['HINDSIGHT_PICTURES'] === '1') copyFileSync(path, join(PICTURES, `panel-${name}.png`));
}

test('the guide shows each panel', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const [events, state, details] = [page.getByRole('region', { name: 'Events' }), page.locator('.state-pane'), page.locator('.side')];
  await picture(page.getByRole('region', { name: 'Timeline' }), 'timeline');
  await picture(events, 'events');
  await page.getByRole('button', { name: 'Story', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Story' }).getByRole('listitem').first()).toBeVisible();
  await picture(page.getByRole('region', { name: 'Story' }), 'story');
  await page.getByRole('button', { name: 'Events', exact: true }).click();

  await picture(state, 'tree');
  for (const [tab, content] of [
    ['Diff', page.getByRole('list', { name: 'Changes' }).getByRole('listitem').first()],
    ['JSON', page.getByText('"approved_by"').first()],
    ['Findings', page.getByRole('tabpanel', { name: 'Findings' })],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(content).toBeVisible();
    await idle();
    await picture(state, tab.toLowerCase());
  }
  await page.getByRole('tab', { name: 'Tree' }).click();
  await picture(details, 'inspector');
  await page.getByRole('treeitem', { name: /approved_by/ }).click();
  await page.keyboard.press('b');
  await expect(page.getByRole('tab', { name: 'Changes' })).toHaveAttribute('aria-selected', 'true');
  await idle();
  await picture(details, 'changes');
  await page.getByRole('treeitem', { name: /approved_by/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /watch/i }).first().click();
  await idle();
  await picture(details, 'watches');
  await page.getByRole('tab', { name: 'Find when' }).click();
  await page.getByRole('textbox', { name: /Condition/ }).fill('has(state.approved_by)');
  await page.getByRole('textbox', { name: /Condition/ }).press('Enter');
  await expect(details.getByText('true').first()).toBeVisible();
  await idle();
  await picture(details, 'find-when');
  await page.getByRole('tab', { name: 'Costs' }).click();
  await expect(page.getByRole('list', { name: 'Costs' }).getByRole('listitem').first()).toBeVisible();
  await picture(details, 'costs');
  await page.getByRole('slider', { name: 'Sequence' }).focus();
  await page.keyboard.press('m');
  await expect(page.getByRole('tab', { name: 'Bookmarks' })).toHaveAttribute('aria-selected', 'true');
  await idle();
  await picture(details, 'bookmarks');

  const guide = readFileSync(join(ROOT, 'docs', 'guide.md'), 'utf8');
  const shown = [...guide.matchAll(/\]\((pictures\/[^)]+)\)/g)].map(([, path]) => path as string);
  for (const path of shown) expect([path, existsSync(join(ROOT, 'docs', path))]).toEqual([path, true]);
  const panels = ['timeline', 'events', 'story', 'tree', 'diff', 'json', 'findings', 'inspector', 'changes', 'watches', 'find-when', 'costs', 'bookmarks'];
  for (const name of panels) expect(shown).toContain(`pictures/panel-${name}.png`);
  for (const name of ['graph-dark', 'conversation-dark']) expect(shown).toContain(`pictures/${name}.png`);
});
