import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
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

test('S4: every lane can be reached, their order is stable, and active lanes out of view are pinned to the edge', async () => {
  const path = join(temporary('lanes'), 'runtime.db');
  makeFile(path, { events: agentLoop(14) });
  const hindsight = await start({ args: [`--open=${path}`, '--execution=run', '--at=0'] });
  const { page, goTo, idle } = hindsight;
  await page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await idle();
  const names = page.getByRole('group', { name: 'Lanes', exact: true }).getByRole('button');
  const topOf = async (name: string): Promise<number> => {
    const { y } = (await page.getByRole('group', { name: 'Lanes', exact: true }).getByRole('button', { name, exact: true }).boundingBox()) as Box;
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
  const below = page.getByRole('group', { name: 'Active lanes below' }).getByRole('button');
  const above = page.getByRole('group', { name: 'Active lanes above' }).getByRole('button');
  await expect(below.or(above)).toHaveCount(0);
  await page.locator('.lanes').evaluate((lanes) => lanes.scrollTo(0, lanes.scrollHeight));
  await expect(above).toHaveText('model_0');
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

test('M21: the loop of an agent is one cycle with a counter in lanes and graph, and each turn by choice', async () => {
  const path = join(temporary('db'), 'agents.db');
  writeFileSync(path, gunzipSync(readFileSync(join(ROOT, 'test', 'golden', 'agents-0.5.0.db.gz'))));
  const hindsight = await start({ args: [`--open=${path}`, '--execution=c17a4073-3453-4252-9ccc-fa52ec773083', '--at=40'] });
  const { page, idle } = hindsight;
  await page.getByRole('slider', { name: 'Sequence' }).waitFor();
  const names = page.getByRole('group', { name: 'Lanes', exact: true }).getByRole('button');
  const turns = /^(model|gate|tools) ×\d+$/;
  await expect(names.filter({ hasText: turns })).toHaveCount(3);
  await page.getByRole('tab', { name: 'Graph' }).click();
  const graph = page.getByRole('group', { name: 'Workflow graph' });
  await expect(graph.getByRole('button', { name: /^(model|gate|tools) ×\d+, / })).toHaveCount(3);
  await idle();
  await screens(hindsight, 'timeline-folded');
  // The lane stands for the turn at the cursor.
  await names.filter({ hasText: /^model ×/ }).click();
  await expect(names.filter({ hasText: /^model ×/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(graph.getByRole('button', { name: /^model ×/ })).toHaveAttribute('aria-pressed', 'true');
  const folded = await names.count();
  await page.getByRole('button', { name: 'Fold the loop' }).click();
  await expect(names.filter({ hasText: turns })).toHaveCount(0);
  expect(await names.count()).toBeGreaterThan(folded);
  await expect(graph.getByRole('button', { name: /^__model_\d+__, / }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Fold the loop' })).toHaveAttribute('aria-pressed', 'false');
  await page.getByRole('button', { name: 'Fold the loop' }).click();
  await expect(names).toHaveCount(folded);
  expect(hindsight.trouble).toEqual([]);
  await hindsight.app.close();
});

/** Many short attempts of five nodes, of which one in a hundred fails, a decision of a person now and then, and snapshots. */
function longRun(count: number): Parameters<typeof makeFile>[1] {
  const events: object[] = [];
  for (let i = 0; events.length < count; i++) {
    const node_id = `step_${i % 5}`;
    events.push({ type: 'node_started', node_id, worker_id: 'w', attempt: 0 });
    events.push(
      i % 100 === 99
        ? { type: 'node_failed', node_id, error: 'timeout', attempt: 0, retryable: true }
        : { type: 'node_completed', node_id, output: 1, state_patch: {}, duration_ms: 5 },
    );
    if (i % 4000 === 2000) events.push({ type: 'approval_received', node_id, user_id: 'kim', decision: 'approved', comment: null, state_patch: null });
  }
  return {
    events: events.map((kind, i) => ({ sequence: i + 1, kind: JSON.stringify(kind) })),
    snapshots: Array.from({ length: 200 }, (_, i) => ({ at: (i + 1) * 100, state: '{}' })),
  };
}

/** The colours of a canvas, as a share of its pixels, that are nearer to a token than to any other of them. */
async function shareOf({ page }: Hindsight, selector: string, token: string): Promise<number> {
  return page.locator(selector).evaluate((canvas, name) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const wanted = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16)) as [number, number, number];
    const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    Object.assign(copy.canvas, { width, height });
    copy.drawImage(canvas as HTMLCanvasElement, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4)
      if (Math.abs((data[i] as number) - r) + Math.abs((data[i + 1] as number) - g) + Math.abs((data[i + 2] as number) - b) < 40) found++;
    return found / (width * height);
  }, token);
}

test('T12: zoomed out, failures have a small share that does not vanish, and flags that share a place have a count', async () => {
  const path = join(temporary('long'), 'runtime.db');
  makeFile(path, longRun(20_000));
  const hindsight = await start({ args: [`--open=${path}`, '--execution=run', '--at=9000'] });
  const { page, idle } = hindsight;
  await page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 60_000 });
  for (let i = 0; i < 8; i++) await page.keyboard.press('s');
  await idle();
  await screens(hindsight, 'timeline-long');
  const failed = await shareOf(hindsight, '.lanes-track canvas', 'cat-failure');
  expect(failed).toBeGreaterThan(0.001);
  expect(failed).toBeLessThan(0.15);
  expect(await shareOf(hindsight, '.slider canvas', 'cat-failure')).toBeGreaterThan(0.01);
  expect(await shareOf(hindsight, '.slider canvas', 'cat-human')).toBeGreaterThan(0.0005);
  const flags = page.getByRole('group', { name: 'Snapshots' }).getByRole('button');
  const many = await flags.count();
  expect(many).toBeLessThan(50);
  await expect(flags.first()).toHaveText(/\+\d/);
  for (let i = 0; i < 6; i++) await page.keyboard.press('w');
  await idle();
  await expect(flags.filter({ hasText: '+' })).toHaveCount(0);
  expect(hindsight.trouble).toEqual([]);
  await hindsight.app.close();
});

/** A decision that took three hours, a retry after two minutes, a timer, and a clock that goes back. */
function waits(): Parameters<typeof makeFile>[1] {
  const events: { readonly sequence: number; readonly kind: string; readonly at: string }[] = [];
  let now = Date.parse('2026-06-01T14:00:00Z');
  const add = (later: number, type: string, node_id: string, fields: object = {}): void => {
    now += later;
    events.push({ sequence: events.length + 1, kind: JSON.stringify({ type, node_id, ...fields }), at: new Date(now).toISOString() });
  };
  const run = (node: string, duration: number): void => {
    add(3, 'node_scheduled', node, { queue_type: 'general' });
    add(8, 'node_started', node, { worker_id: 'w', attempt: 0 });
    add(duration, 'node_completed', node, { output: 1, state_patch: {}, duration_ms: duration });
  };
  run('collect', 800);
  add(3, 'node_scheduled', 'review', { queue_type: 'tool' });
  add(8, 'node_started', 'review', { worker_id: 'w', attempt: 0 });
  add(4, 'tool_approval_required', 'review', { tool_name: 'pay', approver: 'kim', context: {} });
  add((3 * 60 + 2) * 60_000, 'approval_received', 'review', { user_id: 'kim', decision: 'approved', comment: null, state_patch: null });
  add(500, 'node_completed', 'review', { output: 1, state_patch: {}, duration_ms: 500 });
  add(3, 'node_started', 'notify', { worker_id: 'w', attempt: 0 });
  add(300, 'node_failed', 'notify', { error: 'SMTP 451', attempt: 0, retryable: true });
  add(1, 'retry_scheduled', 'notify', { attempt: 1, delay_ms: 120_000 });
  add(120_000, 'node_started', 'notify', { worker_id: 'w', attempt: 1 });
  add(400, 'node_completed', 'notify', { output: 1, state_patch: {}, duration_ms: 400 });
  add(3, 'timer_created', 'remind', { fire_at: '2026-06-01T17:05:00Z', correlation_key: null });
  run('archive', 600);
  add(5, 'timer_fired', 'remind', { correlation_key: null });
  add(-60_000, 'node_scheduled', 'close', { queue_type: 'general' });
  add(8, 'node_started', 'close', { worker_id: 'w', attempt: 0 });
  add(700, 'node_cancelled', 'close');
  return { events };
}

test('S6: waits are painted as waits, and a wait of three hours is labelled by sequence and folded by time', async () => {
  const path = join(temporary('waits'), 'runtime.db');
  makeFile(path, waits());
  const hindsight = await start({ args: [`--open=${path}`, '--execution=run', '--at=6'] });
  const { page, idle } = hindsight;
  await page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await idle();
  const pauses = page.locator('.pause');
  await expect(pauses.filter({ hasText: '3 h 2 m' })).toHaveCount(1);
  await expect(pauses.filter({ hasText: '2 m 0 s' })).toHaveCount(1);
  await expect(pauses.filter({ hasText: '↶ 1 m 0 s' })).toHaveCount(1);
  const lanes = '.lanes-track canvas';
  expect(await shareOf(hindsight, lanes, 'cat-human')).toBeGreaterThan(0.0005);
  expect(await shareOf(hindsight, lanes, 'cat-timer')).toBeGreaterThan(0.0005);
  await screens(hindsight, 'timeline-waits');
  const axis = page.getByRole('button', { name: 'Axis of time' });
  await axis.click();
  await idle();
  await expect(axis).toHaveAttribute('aria-pressed', 'true');
  await screens(hindsight, 'timeline-time');
  await expect(page.locator('.tick').filter({ hasText: /^17:0\d:\d\d/ })).not.toHaveCount(0);
  await expect(pauses.filter({ hasText: '3 h 2 m' })).toHaveCount(1);
  // A click finds an event on this axis, too, and the same one each time.
  const { x, y, width } = await track(hindsight);
  const found: number[] = [];
  for (let i = 0; i < 3; i++) {
    await page.mouse.click(x + width * 0.7, y + 8);
    await idle();
    found.push(await at(hindsight));
  }
  expect(new Set(found).size).toBe(1);
  expect(hindsight.trouble).toEqual([]);
  await hindsight.app.close();
});

test('S2: the matches of the filter are marked on the timeline', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(200);
  await page.getByRole('textbox', { name: 'Filter events' }).fill('type:node_failed');
  await idle();
  await expect(page.getByRole('img', { name: /^[1-9]\d* match(es)? in view$/ })).toBeVisible();
  await screens(hindsight, 'timeline-matches');
  await page.getByRole('textbox', { name: 'Filter events' }).fill('');
  await expect(page.getByRole('img', { name: /in view$/ })).toHaveCount(0);
});

test('S12: the label of the cursor covers no part of another label', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  for (const sequence of [199, 200, 201, 203, 205, 209, 210, 211]) {
    await goTo(sequence);
    const { left, right } = await page.locator('.playhead span').evaluate((label) => label.getBoundingClientRect());
    const ticks = await page
      .locator('.tick')
      .evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect()).map((box) => [box.left, box.right] as const));
    expect(ticks.length).toBeGreaterThan(4);
    expect(ticks.filter(([from, to]) => from < right && to > left)).toEqual([]);
  }
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

  // The next start shows the same execution.
  const second = await start({ userData });
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
    await idle();
    found.push(await at(hindsight));
  }
  const steps = found.slice(1).map((sequence, i) => sequence - (found[i] as number));
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);

  await page.mouse.move(x + 2, y + 8);
  await idle();
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
  const name = page.getByRole('group', { name: 'Lanes', exact: true }).getByRole('button').nth(3);
  await name.scrollIntoViewIfNeeded();
  await name.click();
  await expect(name).toHaveAttribute('aria-pressed', 'true');
  expect(await at(hindsight)).toBe(200);
  await name.click();
  await expect(name).toHaveAttribute('aria-pressed', 'false');
});

test('S15: the frame in the minimap is dragged and stretched, and A and D pan', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(200);
  const frame = page.locator('.minimap-window');
  const drag = async (part: string, by: number): Promise<Box> => {
    const { x, y, width, height } = (await page.locator(part).boundingBox()) as Box;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + by / 2, y + height / 2);
    await page.mouse.move(x + width / 2 + by, y + height / 2);
    await page.mouse.up();
    await idle();
    return (await frame.boundingBox()) as Box;
  };
  const before = (await frame.boundingBox()) as Box;
  const moved = await drag('.range-move', 120);
  expect(Math.abs(moved.x - before.x - 120)).toBeLessThan(4);
  expect(Math.abs(moved.width - before.width)).toBeLessThan(4);
  const stretched = await drag('.range-side.left', -100);
  expect(Math.abs(stretched.width - moved.width - 100)).toBeLessThan(4);
  expect(await at(hindsight)).toBe(200);
  const zoomed = await drag('.range-side.right', -150);
  expect(Math.abs(stretched.width - zoomed.width - 150)).toBeLessThan(4);
  await page.getByRole('slider', { name: 'Sequence' }).focus();
  await page.keyboard.press('a');
  await idle();
  const left = (await frame.boundingBox()) as Box;
  expect(left.x).toBeLessThan(zoomed.x - 10);
  await page.keyboard.press('d');
  await idle();
  expect(Math.abs(((await frame.boundingBox()) as Box).x - zoomed.x)).toBeLessThan(4);
  await screens(hindsight, 'timeline-frame');
});

test('S6: a tip says how long a node waited and ran, and why it failed', async () => {
  const path = join(temporary('tip'), 'runtime.db');
  makeFile(path, waits());
  const hindsight = await start({ args: [`--open=${path}`, '--execution=run', '--at=2'] });
  const { page, idle } = hindsight;
  await page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await idle();
  const { x, width } = await track(hindsight);
  const { y } = (await page.getByRole('group', { name: 'Lanes', exact: true }).getByRole('button', { name: 'notify' }).boundingBox()) as Box;
  await page.mouse.move(x + (width * 9.6) / 22, y + 9);
  const tip = page.getByRole('tooltip');
  await expect(tip).toContainText('notify failed');
  await expect(tip).toContainText('#9 – #10');
  await expect(tip).toContainText('ran 300 ms');
  await expect(tip).toContainText('SMTP 451');
  await page.screenshot({ path: join(SCREENS, 'timeline-tip.png') });
  const collect = (await page.getByRole('group', { name: 'Lanes', exact: true }).getByRole('button', { name: 'collect' }).boundingBox()) as Box;
  await page.mouse.move(x + (width * 2.5) / 22, collect.y + 9);
  await expect(tip).toContainText('ran 800 ms after waiting 8 ms for its start');
  await page.mouse.move(x + width / 2, y + 300);
  await expect(tip).toHaveCount(0);
  expect(hindsight.trouble).toEqual([]);
  await hindsight.app.close();
});

test('S4: a move of the cursor does not draw the lanes and the tracks again', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(200);
  // Whatever is drawn again loses its mark, because drawing begins with an empty canvas.
  const mark = async (): Promise<void> =>
    page.locator('.timeline canvas').evaluateAll((all) => {
      for (const canvas of all) Object.assign((canvas as HTMLCanvasElement).getContext('2d') as object, { lineWidth: 77 });
    });
  const marks = async (): Promise<readonly number[]> =>
    page
      .locator('.timeline canvas')
      .evaluateAll((all) => all.map((canvas) => ((canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D).lineWidth));
  await mark();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  await idle();
  expect(await at(hindsight)).toBe(205);
  expect(await marks()).toEqual([77, 77, 77, 77]);
  await page.keyboard.press('w');
  await idle();
  expect(await marks()).toEqual([77, 1, 1, 1]);
});
