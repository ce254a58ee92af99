import type { Locator } from '@playwright/test';
import { expect, openSample, test } from './fixtures.ts';

/** Questions that people bring to a debugger, each answered by clicks alone. The number of clicks is printed. */

const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';

function counter() {
  let clicks = 0;
  return {
    click: async (target: Locator, options?: Parameters<Locator['click']>[0]): Promise<void> => {
      clicks += options?.clickCount ?? 1;
      await target.click(options);
    },
    print: (question: string): void => console.log(`${question} ${clicks} clicks`),
  };
}

test('question: which run failed, where, and why?', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const { click, print } = counter();
  await click(page.getByRole('button', { name: /^failed/ }));
  await click(page.getByRole('grid', { name: 'Executions' }).getByRole('row').nth(1), { clickCount: 2 });
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await click(inspector.getByRole('button', { name: /^#\d+ .+: .+/ }));
  await expect(inspector).toContainText('node_failed');
  await expect(inspector.getByRole('heading', { level: 3 })).not.toBeEmpty();
  print('Which run failed, where, and why?');
});

test('question: who wrote this value, when, and what was it before?', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(409);
  const { click, print } = counter();
  await click(page.getByRole('treeitem', { name: 'approved_by', exact: true }).getByRole('button', { name: '#402 publish' }));
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#402 of');
  await click(page.getByRole('tab', { name: 'Diff' }));
  await expect(page.getByRole('list', { name: 'Changes' }).getByRole('listitem').filter({ hasText: '/approved_by' })).toContainText('"kim"');
  print('Who wrote this value, when, and what was it before?');
});

test('question: what did the last change change, and what has changed since the beginning?', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(404);
  const { click, print } = counter();
  await click(page.getByRole('tab', { name: 'Diff' }));
  const against = page.getByRole('combobox', { name: 'Compared with' });
  const changes = page.getByRole('list', { name: 'Changes' }).getByRole('listitem');
  await click(against);
  await against.selectOption('change');
  await expect(changes.filter({ hasText: '/approved_by' })).toBeVisible();
  await click(against);
  await against.selectOption('start');
  await expect(changes.filter({ hasText: '/plan' }).first()).toBeVisible();
  print('What did the last change change, and what has changed since the beginning?');
});

test('question: what has the run cost up to here, and what did it use most?', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(5);
  const { click, print } = counter();
  await click(page.getByRole('tab', { name: 'Costs' }));
  await expect(page.getByRole('list', { name: 'Costs' }).getByRole('listitem').first()).toContainText('2,162of 306,781');
  print('What has the run cost up to here?');
});

test('question: where does a continued run go on, and what did it take with it?', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('c0ffee00');
  const { click, print } = counter();
  await click(page.getByRole('button', { name: 'next ›' }));
  await expect(page.locator('.topbar')).toContainText('segment 2');
  await expect(page.getByRole('slider', { name: 'Sequence' })).toHaveAttribute('aria-valuenow', '0');
  await expect(page.getByRole('tree', { name: 'State' }).getByRole('treeitem').first()).toBeVisible();
  print('Where does a continued run go on, and with what?');
});

test('M29: an output that is stored apart is read and checked, and its check is said', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(119);
  await page.getByRole('button', { name: /^Read the artifact/ }).click();
  const reader = page.getByRole('dialog');
  await expect(reader.getByRole('status', { name: 'Check of the artifact' })).toContainText('✓ its bytes have the hash');
  await expect(reader.getByRole('region', { name: 'Text' })).toContainText('pages');
  await page.screenshot({ path: 'test-results/screens/artifact.png' });
});
