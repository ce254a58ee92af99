import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe as describeValue } from '../../core/debugger/value-text.ts';
import { readEvent } from '../../core/jamjet/event.ts';
import { valueAt } from '../../core/json/pointer.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { equalJson, type Json, type JsonObject } from '../../core/json/value.ts';
import { applyEvent, type Materialized, origin } from '../../core/replay/fold.ts';
import { expect, openSample, pictures, ROOT, SAMPLE, temporary, test } from './fixtures.ts';

const AGENT = '9f31c2d4';

function cli(...args: readonly string[]): string {
  const { stdout, status, stderr } = spawnSync(process.execPath, [join(ROOT, 'core', 'cli', 'main.ts'), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** The reference fold of the agent's execution, from its stored events. */
function reference(): Map<number, Materialized> {
  const log = cli('events', SAMPLE, AGENT)
    .trimEnd()
    .split('\n')
    .map((line) => parseJson(line) as JsonObject);
  const started = log[0]?.get('kind') as JsonObject;
  let state = origin(started.get('initial_input') as Json);
  const states = new Map([[0, state]]);
  for (const row of log) {
    const reading = readEvent(canonicalJson(row.get('kind') as Json));
    state = applyEvent(state, Number(row.get('sequence')), reading.ok ? reading.event : undefined);
    states.set(Number(row.get('sequence')), state);
  }
  return states;
}

test('M10: open the sample and an execution, and move by keys, by dragging and by a flag', async ({ hindsight }) => {
  const { page, idle, cursor, goTo } = hindsight;
  await pictures(hindsight, 'welcome');
  await openSample(hindsight);
  await pictures(hindsight, 'executions');
  await hindsight.openExecution(AGENT);
  expect(await cursor()).toBe('#409 of 409 · running → completed');

  const slider = page.getByRole('slider', { name: 'Sequence' });
  await expect(slider).toHaveAttribute('aria-valuemin', '0');
  await expect(slider).toHaveAttribute('aria-valuemax', '409');
  for (const [key, at] of [
    ['ArrowLeft', 408],
    ['Shift+ArrowLeft', 398],
    ['ArrowRight', 399],
    ['Shift+ArrowRight', 409],
    ['Home', 0],
    ['ArrowRight', 1],
    ['Control+ArrowRight', 5],
    ['Control+ArrowRight', 10],
    ['Control+ArrowLeft', 5],
    ['End', 409],
    ['F7', 408],
    ['F8', 409],
    ['Alt+ArrowLeft', 5],
    ['Alt+ArrowRight', 409],
  ] as const) {
    await page.keyboard.press(key);
    await expect(slider, key).toHaveAttribute('aria-valuenow', String(at));
  }

  const box = await slider.boundingBox();
  if (box === null) throw new Error('the slider is not visible');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.9, y);
  await page.mouse.down();
  for (const share of [0.8, 0.6, 0.4, 0.25]) await page.mouse.move(box.x + box.width * share, y, { steps: 6 });
  await page.mouse.up();
  await idle();
  const dragged = Number(await slider.getAttribute('aria-valuenow'));
  expect(Math.abs(dragged - 409 * 0.25)).toBeLessThan(4);
  expect(await cursor()).toContain(`#${dragged} of 409`);
  await expect(page.getByRole('grid', { name: 'Events' }).getByRole('row', { selected: true })).toContainText(String(dragged));
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText(`#${dragged}`);

  const flag = page.getByRole('group', { name: 'Snapshots' }).getByRole('button').nth(2);
  const name = (await flag.getAttribute('aria-label')) ?? '';
  expect(name).toMatch(/^Snapshot at \d+, matches replay$/);
  await flag.click();
  await expect(slider).toHaveAttribute('aria-valuenow', /\d+/.exec(name)?.[0] ?? '');

  await goTo(402);
  await expect(slider).toHaveAttribute('aria-valuetext', 'event 402 of 409, approval_received publish');
  await pictures(hindsight, 'execution');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(slider).toHaveAttribute('aria-valuenow', '409', { timeout: 15_000 });
});

test('M11, M17: the tree, the JSON tab and the command line agree with the reference fold at ten sequences', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  const states = reference();
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  for (const sequence of [0, 1, 5, 33, 100, 161, 205, 333, 402, 409]) {
    await goTo(sequence);
    const expected = states.get(sequence) as Materialized;

    await page.getByRole('tab', { name: 'Tree' }).click();
    const tree = page.getByRole('tree', { name: 'State' });
    await idle();
    const pointers = await tree
      .getByRole('treeitem')
      .evaluateAll((rows) =>
        rows
          .filter((row) => row.getAttribute('data-change') !== 'removed')
          .map((row) => [row.getAttribute('aria-level'), row.getAttribute('aria-label'), row.querySelector('.tree-text')?.lastElementChild?.textContent]),
      );
    expect(pointers.length).toBeGreaterThan(4);
    const path: string[] = [];
    for (const [level, key, text] of pointers) {
      path.length = Number(level) - 1;
      path.push(`/${key?.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      const value = valueAt(expected.currentState, path.join(''));
      expect([sequence, path.join(''), text]).toEqual([sequence, path.join(''), value === undefined ? undefined : describeValue(value)]);
    }

    await page.getByRole('tab', { name: 'JSON' }).click();
    const json = page.getByRole('region', { name: 'JSON' });
    await expect(json).toHaveAttribute('data-sequence', String(sequence));
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(page.getByRole('status', { name: 'Notice' })).toContainText('JSON copied');
    // The notice may still be that of the moment before.
    const read = () => hindsight.app.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(async () => equalJson(parseJson(await read()), expected.currentState)).toBe(true);
    const copied = await read();
    const firstLine = await json.locator('.json-line code').nth(1).textContent();
    expect(copied.split('\n')[1]).toBe(firstLine);

    const printed = parseJson(cli('state', SAMPLE, AGENT, '--at', String(sequence))) as JsonObject;
    expect(equalJson(printed.get('current_state') as Json, expected.currentState)).toBe(true);
    expect(printed.get('status')).toBe(expected.status);
    expect(await hindsight.cursor()).toContain(`#${sequence} of 409`);
    expect(await hindsight.cursor()).toContain(expected.status);
  }
});

test('M12: the changes of an event are marked in the tree and in the diff, with old values', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const tree = page.getByRole('tree', { name: 'State' });
  await expect(tree.getByRole('treeitem', { name: 'approved_by', exact: true })).toHaveAttribute('data-change', 'added');
  await tree.hover();
  await page.mouse.wheel(0, 4000);
  const query = tree.getByRole('treeitem', { name: 'query', exact: true });
  await expect(query).toHaveAttribute('data-change', 'removed');
  await page.getByRole('tab', { name: 'Diff' }).click();
  const changes = page.getByRole('list', { name: 'Changes' });
  await expect(changes.getByRole('listitem')).toHaveCount(5);
  await expect(changes).toContainText('/customer/name');
  await expect(changes).toContainText('"Zoë Ångström 🚀"');
  await pictures(hindsight, 'diff');
  await page.getByRole('tab', { name: 'JSON' }).click();
  await pictures(hindsight, 'json');
});

test('M19: the recovered state is exported to a file and to the clipboard, and reads back as shown', async ({ hindsight }) => {
  const { page, goTo, app } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const expected = reference().get(402) as Materialized;
  const target = join(temporary('export'), 'state.json');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, target);
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByLabel('Preview')).toContainText('"at_sequence": 402');
  await pictures(hindsight, 'export');
  await dialog.getByRole('button', { name: 'Save to a file…' }).click();
  await expect(page.getByRole('status', { name: 'Notice' })).toContainText('written to');
  const written = parseJson(readFileSync(target, 'utf8')) as JsonObject;
  expect(equalJson(written.get('current_state') as Json, expected.currentState)).toBe(true);
  expect(equalJson(written.get('completed_nodes') as Json, expected.completedNodes)).toBe(true);

  await page.keyboard.press('Control+e');
  await dialog.getByRole('radio', { name: 'Events' }).check();
  await dialog.getByRole('button', { name: 'Copy to the clipboard' }).click();
  await expect(page.getByRole('status', { name: 'Notice' })).toContainText('copied');
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(cli('events', SAMPLE, AGENT, '--to', '402'));
  await expect(dialog).toBeHidden();

  await page.keyboard.press('Control+e');
  await dialog.getByRole('radio', { name: 'Story' }).check();
  await expect(dialog.getByRole('textbox')).toHaveCount(0);
  await dialog.getByRole('combobox', { name: 'Form' }).selectOption('JSON lines');
  await dialog.getByRole('button', { name: 'Copy to the clipboard' }).click();
  await expect(dialog).toBeHidden();
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(cli('story', SAMPLE, AGENT, '--json'));

  await page.keyboard.press('Control+e');
  await dialog.getByRole('radio', { name: 'Events' }).check();
  const [from, to] = [dialog.getByRole('textbox', { name: 'From #' }), dialog.getByRole('textbox', { name: 'To #' })];
  const copy = dialog.getByRole('button', { name: 'Copy to the clipboard' });
  for (const [field, text, problem] of [
    [from, '-3', 'A sequence is a whole number, 0 or more.'],
    [from, '1.5', 'A sequence is a whole number, 0 or more.'],
    [from, '', 'Type a sequence from 0 to 409.'],
    [to, '410', 'The last event is #409.'],
    [to, '12', 'The range ends before it starts.'],
  ] as const) {
    await from.fill('20');
    await to.fill('402');
    await field.fill(text);
    await expect(dialog.getByRole('alert')).toHaveText(problem);
    for (const button of [copy, dialog.getByRole('button', { name: 'Save to a file…' })]) await expect(button).toBeDisabled();
  }
  await to.fill('30');
  await copy.click();
  await expect(dialog).toBeHidden();
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(cli('events', SAMPLE, AGENT, '--from', '20', '--to', '30'));
});

test('M22, M28: a wrong snapshot, a gap, an unknown kind and a chain of segments are shown as such', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('77b0');
  await goTo(8);
  await expect(page.getByRole('button', { name: 'Snapshot at 6, differs from replay' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('≠ differs from replay');
  await page.getByRole('button', { name: 'recovery', exact: true }).click();
  await expect(page.getByRole('tree', { name: 'State' }).getByRole('treeitem', { name: 'total' })).toContainText('1024.9');
  await pictures(hindsight, 'wrong-snapshot');
  await page.getByRole('button', { name: 'replay', exact: true }).click();

  await page.keyboard.press('Control+l');
  await hindsight.openExecution('6a90');
  await goTo(9);
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Event #9 is missing');
  await expect(page.getByText('incomplete from #9').first()).toBeVisible();
  await pictures(hindsight, 'gap');

  await page.keyboard.press('Control+l');
  await page.getByRole('searchbox', { name: 'Search executions' }).fill('c0ffee00');
  await page.getByRole('row').filter({ hasText: 'c0ff' }).dblclick();
  await page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await page.getByRole('button', { name: 'next ›' }).click();
  await expect(page.locator('.topbar')).toContainText('segment 2');
  await idle();
  await page.getByRole('button', { name: '‹ before' }).click();
  await expect(page.locator('.topbar')).toContainText('segment 1');
});

test('the palette, the list of keys and the filters work', async ({ hindsight }) => {
  const { page, idle } = hindsight;
  await openSample(hindsight);
  await page.getByRole('button', { name: /^failed/ }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('14 of 60 shown');
  await page.getByRole('button', { name: /^All/ }).click();
  await page.getByRole('button', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('row').nth(1)).toContainText('409');
  await page.keyboard.press('/');
  await page.keyboard.type('no such thing');
  await expect(page.getByText('No execution matches.')).toBeVisible();
  await hindsight.openExecution(AGENT);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill('205');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('slider', { name: 'Sequence' })).toHaveAttribute('aria-valuenow', '205');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Next Snapshot');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Filter events' }).fill('type:failed');
  await idle();
  await expect(page.getByRole('status', { name: 'Events shown' })).toHaveText('7 of 409');
  await page.getByRole('grid', { name: 'Events' }).getByRole('row').first().click();
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('timeout after 30 s');
});

test('the native menu has the same commands, and the list keeps its filters', async ({ hindsight }) => {
  const { page, app, cursor } = hindsight;
  await openSample(hindsight);
  await page.getByRole('button', { name: /^completed/ }).click();
  await page.getByRole('searchbox', { name: 'Search executions' }).fill('9f31');
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('1 of 60 shown');
  await hindsight.openExecution(AGENT);
  const labels = await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label));
  expect(labels).toEqual(['File', 'Edit', 'Go', 'View', 'Help']);
  const choose = (id: string): Promise<void> =>
    app.evaluate(({ Menu }, wanted) => void setImmediate(() => Menu.getApplicationMenu()?.getMenuItemById(wanted)?.click()), id);
  await choose('first');
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#0 of 409');
  await page.keyboard.press('e');
  await expect(page.getByRole('status', { name: 'Cursor' })).not.toContainText('#0 of');
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('timeout after 30 s');
  await page.keyboard.press('c');
  await expect(page.locator('.chip.changed, .chip.added').first()).toBeVisible();
  const at = await cursor();
  await page.keyboard.press('Shift+E');
  await page.keyboard.press('Control+r');
  await expect(page.getByRole('status', { name: 'Cursor' })).not.toHaveText(at);
  await choose('executions');
  await expect(page.getByRole('searchbox', { name: 'Search executions' })).toHaveValue('9f31c2d4');
  await expect(page.getByRole('button', { name: /^completed/ })).toHaveAttribute('aria-pressed', 'true');
});

test('the state that nodes are given is a reading of its own, and shows how it differs', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  await expect(page.getByText(/^given ≠ \d+ paths$/)).toBeVisible();
  await page.getByRole('button', { name: 'given', exact: true }).click();
  await expect(page.getByText(/^≠ \d+ paths$/)).toBeVisible();
  // The edit of an approval is in the state, but nodes do not receive it.
  await expect(page.getByRole('tree', { name: 'State' }).getByRole('treeitem', { name: 'approved_by' })).toHaveAttribute('data-change', 'removed');
  await pictures(hindsight, 'given');
});
