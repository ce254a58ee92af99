import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeFile } from '../support/made-files.ts';
import { expect, type Hindsight, openSample, ROOT, start, temporary, test } from './fixtures.ts';

const AGENT = '9f31c2d4';
const SCREENS = join(ROOT, 'test-results', 'screens');

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function track({ page }: Hindsight): Promise<Box> {
  return (await page.locator('.lanes-axis').boundingBox()) as Box;
}

async function at({ page }: Hindsight): Promise<number> {
  return Number(await page.getByRole('slider', { name: 'Sequence' }).getAttribute('aria-valuenow'));
}

async function screens({ page, idle }: Hindsight, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const theme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await idle();
      await page.screenshot({ path: join(SCREENS, `${name}-${theme}-${width}.png`) });
    }
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1280, height: 800 });
  await idle();
}

/** An unrolled agent loop: each turn has nodes of its own, so there are many lanes, and few are active at a time. */
function agentLoop(turns: number): readonly { readonly sequence: number; readonly kind: string }[] {
  const events: object[] = [{ type: 'workflow_started', workflow_id: 'agent', workflow_version: '1', initial_input: {} }];
  for (let turn = 0; turn < turns; turn++) {
    for (const name of ['model', 'gate', 'tools']) {
      const node_id = `${name}_${turn}`;
      events.push({ type: 'node_scheduled', node_id, queue_type: 'general' }, { type: 'node_started', node_id, worker_id: 'w', attempt: 0 });
      events.push({ type: 'node_completed', node_id, output: {}, state_patch: {}, duration_ms: 5 });
    }
  }
  return events.map((kind, i) => ({ sequence: i + 1, kind: JSON.stringify(kind) }));
}

test('S4: every lane can be reached, their order is stable, and active lanes out of view are announced', async () => {
  const path = join(temporary('lanes'), 'runtime.db');
  makeFile(path, { events: agentLoop(14) });
  const hindsight = await start({ args: [`--open=${path}`, '--execution=run', '--at=0'] });
  const { page, goTo, idle } = hindsight;
  await page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await idle();
  const names = page.getByRole('group', { name: 'Lanes' }).getByRole('button');
  const topOf = async (name: string): Promise<number> => {
    const { y } = (await page.getByRole('group', { name: 'Lanes' }).getByRole('button', { name, exact: true }).boundingBox()) as Box;
    const view = (await page.locator('.lanes').boundingBox()) as Box;
    expect([name, y >= view.y - 1 && y + 18 <= view.y + view.height + 1]).toEqual([name, true]);
    return y;
  };
  for (const turn of [0, 5, 13, 6, 2]) {
    for (const [i, name] of ['model', 'gate', 'tools'].entries()) {
      await goTo(2 + turn * 9 + i * 3);
      await topOf(`${name}_${turn}`);
      // A step within a node moves no lane.
      const before = await names.allTextContents();
      const top = await topOf(`${name}_${turn}`);
      await page.keyboard.press('ArrowRight');
      await idle();
      expect([await names.allTextContents(), await topOf(`${name}_${turn}`)]).toEqual([before, top]);
    }
  }
  await goTo(2);
  const below = page.getByRole('button', { name: '1 active lane below' });
  const above = page.getByRole('button', { name: '1 active lane above' });
  await expect(below.or(above)).toHaveCount(0);
  await page.locator('.lanes').evaluate((lanes) => lanes.scrollTo(0, lanes.scrollHeight));
  await expect(above).toBeVisible();
  await expect(names.last()).toHaveText('tools_13');
  await goTo(101);
  await screens(hindsight, 'timeline-agent');
  await page.locator('.lanes').evaluate((lanes) => lanes.scrollTo(0, 0));
  await below.click();
  await idle();
  await topOf('tools_10');
  expect(hindsight.trouble).toEqual([]);
  await hindsight.app.close();
});

test('S4: the height of the timeline is dragged, collapsed and remembered', async () => {
  const userData = temporary('height');
  const first = await start({ userData });
  await openSample(first);
  await first.openExecution(AGENT);
  const timeline = first.page.getByRole('region', { name: 'Timeline' });
  const handle = first.page.getByRole('separator', { name: 'Height of the timeline' });
  const heightOf = async (): Promise<number> => ((await timeline.boundingBox()) as Box).height;
  const before = await heightOf();
  const { x, y, width } = (await handle.boundingBox()) as Box;
  await first.page.mouse.move(x + width / 2, y + 2);
  await first.page.mouse.down();
  await first.page.mouse.move(x + width / 2, y - 34, { steps: 3 });
  await first.page.mouse.up();
  await first.idle();
  const smaller = await heightOf();
  expect(smaller).toBeLessThan(before - 20);
  await handle.focus();
  await first.page.keyboard.press('ArrowDown');
  await first.idle();
  expect(await heightOf()).toBeGreaterThan(smaller);
  await first.page.getByRole('button', { name: 'Lanes of the timeline' }).click();
  await first.idle();
  expect(await heightOf()).toBeLessThan(50);
  await first.app.close();

  const second = await start({ userData });
  await openSample(second);
  await second.openExecution(AGENT);
  await expect(second.page.getByRole('button', { name: 'Lanes of the timeline' })).toHaveAttribute('aria-expanded', 'false');
  expect([...first.trouble, ...second.trouble]).toEqual([]);
  await second.app.close();
});

test('S15: scrubbing is linear, a click repeats itself, and holding at an edge pans', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(200);
  const { x, y, width } = await track(hindsight);
  for (const place of [3, width * 0.02, width / 2, width * 0.98, width - 3]) {
    const found: number[] = [];
    for (let i = 0; i < 3; i++) {
      await page.mouse.click(x + place, y + 8);
      await idle();
      found.push(await at(hindsight));
    }
    expect(new Set(found).size).toBe(1);
  }
  // Equal distances are equally many events.
  const places = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => x + width * share);
  const found: number[] = [];
  await page.mouse.move(places[0] as number, y + 8);
  await page.mouse.down();
  for (const place of places) {
    await page.mouse.move(place, y + 8);
    found.push(await at(hindsight));
  }
  const steps = found.slice(1).map((sequence, i) => sequence - (found[i] as number));
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);

  await page.mouse.move(x + 2, y + 8);
  const edge = await at(hindsight);
  await expect.poll(() => at(hindsight)).toBeLessThan(edge - 20);
  await page.mouse.up();
  await idle();
});

test('S15: a click on the name of a lane selects the node and leaves the cursor', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(200);
  const name = page.getByRole('group', { name: 'Lanes' }).getByRole('button').nth(3);
  await name.scrollIntoViewIfNeeded();
  await name.click();
  await expect(name).toHaveAttribute('aria-pressed', 'true');
  expect(await at(hindsight)).toBe(200);
  await name.click();
  await expect(name).toHaveAttribute('aria-pressed', 'false');
});
