import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, openSample, pictures, test } from './fixtures.ts';

const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
const INVOICE = 'd5846a4c-d621-4dd7-aa61-35b4dc1f126d';

test('M21: graph: each node is in its condition at the cursor, and the layout stays', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await page.keyboard.press('4');
  await expect(page.getByRole('tab', { name: 'Graph' })).toHaveAttribute('aria-selected', 'true');
  const graph = page.getByRole('group', { name: 'Workflow graph' });
  const report = graph.getByRole('button', { name: /^report,/ });
  await expect(report).toHaveAccessibleName('report, completed, 1 start');
  const drawn = () => graph.locator('.graph-node').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('transform')).join());
  const before = await drawn();
  await goTo(1);
  await expect(report).toHaveAccessibleName('report, not yet');
  await goTo(200);
  await expect(graph.getByRole('button', { name: /^plan, completed/ })).toBeVisible();
  expect(await drawn()).toBe(before);
  const conditional = graph.locator('.graph-edge', { has: page.locator('.graph-near') });
  await expect(conditional.locator('title')).toHaveText(['state.done == false']);
  await expect(conditional.locator('.graph-condition')).toHaveText(['state.done == false']);
  await pictures(hindsight, 'graph');
  await page.emulateMedia({ forcedColors: 'active' });
  await idle();
  await expect(report).toBeVisible();
  await page.emulateMedia({ forcedColors: 'none' });
});

test('M21: graph: a click selects the node everywhere, and a node selected elsewhere is marked', async ({ hindsight }) => {
  const { page, cursor } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(INVOICE);
  await page.keyboard.press('4');
  const graph = page.getByRole('group', { name: 'Workflow graph' });
  const lanes = page.getByRole('group', { name: 'Lanes', exact: true });
  const at = await cursor();
  await graph.getByRole('button', { name: /^match,/ }).click();
  await expect(lanes.getByRole('button', { name: 'match' })).toHaveAttribute('aria-pressed', 'true');
  await lanes.getByRole('button', { name: 'extract' }).click();
  await expect(graph.getByRole('button', { name: /^extract,/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(graph.getByRole('button', { name: /^match,/ })).toHaveAttribute('aria-pressed', 'false');
  expect(await cursor()).toBe(at);
});

test('M21: graph: the keyboard reaches every node and selects it, and the cursor does not move', async ({ hindsight }) => {
  const { page, cursor, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await page.keyboard.press('4');
  const graph = page.getByRole('group', { name: 'Workflow graph' });
  const nodes = graph.getByRole('button');
  await expect(nodes).toHaveCount(11);
  const at = await cursor();
  await expect(graph.locator('[tabindex="0"]')).toHaveCount(1);
  await graph.locator('[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  const reached = new Set<string>();
  for (let i = 0; i < 11; i++) {
    reached.add((await page.locator(':focus').getAttribute('aria-label')) ?? '');
    await page.keyboard.press('ArrowDown');
  }
  expect(reached.size).toBe(11);
  await page.keyboard.press('Enter');
  await expect(page.locator(':focus')).toHaveAttribute('aria-pressed', 'true');
  await idle();
  expect(await cursor()).toBe(at);
  const shown = graph.locator('> g').first();
  const fitted = await shown.getAttribute('transform');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  expect(await shown.getAttribute('transform')).not.toBe(fitted);
  await page.getByRole('button', { name: 'Fit', exact: true }).click();
  await graph.hover({ position: { x: 5, y: 5 } });
  await page.mouse.wheel(0, -200);
  await expect.poll(() => shown.getAttribute('transform')).not.toBe(fitted);
});

test('M21: graph: it is copied as SVG and saved as SVG and PNG', async ({ hindsight }) => {
  const { page, app } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await page.keyboard.press('4');
  await page.getByRole('button', { name: 'Copy as SVG' }).click();
  const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
  const text = await copied();
  expect(text).toContain('summarize');
  expect(text).toMatch(/fill="rgb/);
  expect(text).not.toMatch(/<script|class=|style=|href/);
  const folder = mkdtempSync(join(tmpdir(), 'hindsight-graph-'));
  for (const format of ['svg', 'png'] as const) {
    const path = join(folder, `graph.${format}`);
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    await page.getByRole('button', { name: `Save as ${format.toUpperCase()}…` }).click();
    await expect(page.getByText(`written to ${path}`)).toBeVisible();
    expect(readFileSync(path).subarray(0, 8).toString('latin1')).toBe(format === 'svg' ? '<svg xml' : '\x89PNG\r\n\x1a\n');
  }
});
