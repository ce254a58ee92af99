import { rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { copyOf, expect, type Hindsight, openSample, SAMPLE, start, temporary, test } from './fixtures.ts';

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

/** Looks at an execution in a certain way, and moves at the last moment. */
async function lookAround(hindsight: Hindsight): Promise<void> {
  const { page, goTo } = hindsight;
  await hindsight.openExecution('9f31c2d4');
  await goTo(300);
  await page.getByRole('tab', { name: 'JSON' }).click();
  await page.getByRole('textbox', { name: 'Filter events' }).fill('timeout');
  await page.getByRole('grid', { name: 'Events' }).focus();
  await hindsight.idle();
  await page.keyboard.press('ArrowRight');
}

async function expectSameLook({ page }: Hindsight, sequence = 301): Promise<void> {
  await expect(page.getByRole('slider', { name: 'Sequence' })).toHaveAttribute('aria-valuenow', String(sequence));
  await expect(page.getByRole('tab', { name: 'JSON' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('textbox', { name: 'Filter events' })).toHaveValue('timeout');
}

test('S16: reloading the database, or the page, keeps the filter, the tab and a move made just before', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await lookAround(hindsight);
  await page.keyboard.press('Control+r');
  await hindsight.idle();
  await expectSameLook(hindsight);
  await page.keyboard.press('ArrowRight');
  await page.reload();
  await expectSameLook(hindsight, 302);
});

test('S16: the next start shows the same moment of the same database in the same way', async () => {
  const userData = temporary('session');
  const path = copyOf(SAMPLE);
  const first = await start({ args: [`--open=${path}`], userData });
  await first.page.getByRole('grid', { name: 'Executions' }).waitFor();
  await lookAround(first);
  await first.app.close();
  const second = await start({ userData });
  await expectSameLook(second);
  await second.app.close();
  rmSync(path);
  const third = await start({ userData });
  await expect(third.page.getByRole('status', { name: 'Notice' })).toHaveText(`${path}, which was open the last time, is no longer there.`);
  await expect(third.page.getByRole('alert')).toHaveCount(0);
  await openSample(third);
  await third.app.close();
  const fourth = await start({ userData });
  await expect(fourth.page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  await fourth.page.keyboard.press('Control+Shift+w');
  await fourth.page.getByRole('heading', { name: 'Hindsight' }).waitFor();
  await fourth.idle();
  await fourth.app.close();
  const fifth = await start({ userData });
  await fifth.page.getByRole('heading', { name: 'Hindsight' }).waitFor();
  await fifth.app.close();
});

test('S16: a step by hand ends the playing', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('9f31c2d4');
  await goTo(10);
  for (const key of ['ArrowLeft', 'Alt+ArrowLeft', 'c', 'F8']) {
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await page.getByRole('slider', { name: 'Sequence' }).focus();
    await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  }
});
