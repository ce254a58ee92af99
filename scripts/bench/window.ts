import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { buildIfStale } from '../build.ts';
import { hasDisplay } from '../display.ts';
import { type Launch, prepareLaunch } from '../launch.ts';
import { fail, say } from '../say.ts';
import { agentRun, wideRuns } from './databases.ts';
import { type Group, quantile, type Row, row } from './measure.ts';
import { installProbe, type Probe, type Sample, type Wish } from './window-probe.ts';

const STEPS = 200;
const DRAGS = 4;
const DRAG_MOVES = 90;
const FILTERS = 30;
const BLAMES = 30;
const SWITCHES = 20;
const OPENINGS = 5;
const NODES = 500;

/** What a user waits for in the real window: the times from an input until its effect is painted, with all panels open. */
export const ui: Group = {
  goals: ['G18', 'G18b', 'G18c', 'G18d', 'G18e', 'G18f', 'G18g', 'G18h'],
  onlyFull: true,
  plainNode: true,
  async measure({ events, shown }) {
    buildIfStale();
    const { file, execution } = await agentRun(events);
    const launch = await prepareLaunch({ virtual: !hasDisplay() });
    const at = Math.round(events * 0.4);
    const app = await open(launch, [`--open=${file.path}`, `--execution=${execution}`, `--at=${at}`]);
    const rows: Row[] = [];
    let frame: number;
    try {
      const page = await ready(app);
      const empty = await emptyFrames(app);
      frame = quantile(empty, 0.5);
      rows.push(row('G18', 'frame of an empty window, p50', frame, 'ms'), row('G18', 'frame of an empty window, p95', quantile(empty, 0.95), 'ms'));
      const window = new Window(page, frame, at);
      await window.openAllPanels();
      rows.push(...(await window.keys(`${shown} events, while they are searched`)).map(withoutTarget));
      await window.searched();
      rows.push(...(await window.keys(`${shown} events`)), ...(await window.drags(shown)), ...(await window.filters()), ...(await window.searches()));
      rows.push(...(await window.blames()), ...(await window.openings(execution, events)), ...(await window.size()));
    } finally {
      await app.close();
    }
    rows.push(...(await graphs(launch, frame)));
    return rows;
  },
};

async function open(launch: Launch, args: readonly string[]): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: launch.executable,
    args: [...launch.args, ...args],
    cwd: launch.cwd,
    env: { ...launch.env, HINDSIGHT_TEST: '1', HINDSIGHT_USER_DATA: mkdtempSync(join(tmpdir(), 'hindsight-bench-')) },
  });
}

async function ready(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  page.setDefaultTimeout(120_000);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(installProbe);
  return page;
}

/** The times between the frames of a window of the same application that shows nothing. */
function emptyFrames(app: ElectronApplication): Promise<number[]> {
  return app.evaluate(async ({ BrowserWindow }) => {
    const window = new BrowserWindow({ width: 1280, height: 800, show: true });
    await window.loadURL('about:blank');
    const frames: number[] = await window.webContents.executeJavaScript(`new Promise((resolve) => {
      const times = [];
      const next = (now) => {
        times.push(now);
        if (times.length <= 300) requestAnimationFrame(next);
        else resolve(times.slice(1).map((time, i) => time - times[i]));
      };
      requestAnimationFrame(next);
    })`);
    window.destroy();
    return frames;
  });
}

/** The times from an event of this type until what is wished for is painted. */
async function timed(page: Page, type: string, wish: Wish, act: () => Promise<unknown>): Promise<Sample> {
  await page.evaluate(([type, wish]) => (globalThis as unknown as Probe).probe.start(type, wish), [type, wish] as const);
  await act();
  const sample = await page.evaluate(() => (globalThis as unknown as Probe).probe.ended);
  if (sample === null) fail(`The window never showed ${JSON.stringify(wish)}.`);
  return sample;
}

function rowsOf(goal: string, what: string, samples: readonly Sample[], frame: number, target: number): Row[] {
  const times = samples.map(({ ms }) => ms);
  return ([0.5, 0.95] as const).map((share) => {
    const made = row(goal, `${what}, ${share === 0.5 ? 'p50' : 'p95'}`, quantile(times, share), 'ms', share === 0.5 ? undefined : target);
    return { ...made, samples: times.length, frames: Number((quantile(times, share) / frame).toPrecision(3)) };
  });
}

/** A figure for which there is no goal. */
function withoutTarget(measured: Row): Row {
  return { ...measured, target: undefined, met: undefined };
}

class Window {
  readonly #page: Page;
  readonly #frame: number;
  #at: number;
  #mostRows = 0;

  constructor(page: Page, frame: number, at: number) {
    this.#page = page;
    this.#frame = frame;
    this.#at = at;
  }

  async #idle(): Promise<void> {
    await this.#page.waitForFunction(() => document.querySelector('[role=progressbar]') === null);
    await this.#page.evaluate(() => (globalThis as unknown as { __idle: () => Promise<void> }).__idle());
    this.#mostRows = Math.max(this.#mostRows, await this.#page.locator('[role=row], [role=treeitem], [role=listitem]').count());
  }

  /** The timeline with its tracks, the events, the state, the details, and the hits of a search. */
  async openAllPanels(): Promise<void> {
    const page = this.#page;
    await page.getByRole('slider', { name: 'Sequence' }).waitFor();
    await this.#idle();
    await page.getByRole('button', { name: 'Choose tracks' }).click();
    for (const item of await page.getByRole('menuitemcheckbox').all()) if ((await item.getAttribute('aria-checked')) === 'false') await item.click();
    await page.keyboard.press('Escape');
    await this.#openSearch();
    await page.getByRole('textbox', { name: 'Search every event' }).fill('durable execution 1');
    await page.getByRole('list', { name: 'Hits' }).getByRole('listitem').first().waitFor();
    await this.#idle();
    await this.#focusSlider();
  }

  /** Resolves when the search has been through the whole run. */
  async searched(): Promise<void> {
    await this.#page.waitForFunction(() => document.querySelector('[aria-label="Found in the run"]')?.textContent?.endsWith('…') === false);
    await this.#idle();
  }

  async #openSearch(): Promise<void> {
    await this.#page.keyboard.press('ControlOrMeta+Shift+F');
    await this.#page.getByRole('textbox', { name: 'Search every event' }).waitFor();
  }

  async #focusSlider(): Promise<void> {
    await this.#page.getByRole('slider', { name: 'Sequence' }).focus();
  }

  /** Steps, each of which ends when every panel is at the cursor. */
  async keys(shown: string): Promise<Row[]> {
    say('keys');
    const samples: Sample[] = [];
    for (let i = 0; i < STEPS; i++) {
      const by = i % 4 === 3 ? -1 : 1;
      this.#at += by;
      const press = (): Promise<void> => this.#page.keyboard.press(by < 0 ? 'ArrowLeft' : 'ArrowRight');
      samples.push(await timed(this.#page, 'keydown', { kind: 'moved', to: this.#at }, press));
    }
    await this.#idle();
    return rowsOf('G18', `key to painted frame, all panels open, ${shown}`, samples, this.#frame, 32);
  }

  async drags(shown: string): Promise<Row[]> {
    say('drags');
    const page = this.#page;
    const slider = page.getByRole('slider', { name: 'Sequence' });
    const box = await slider.boundingBox();
    if (box === null) fail('The slider is not visible.');
    const y = box.y + box.height / 2;
    const found: { frames: number[]; cursors: number; tasks: number[] }[] = [];
    for (let drag = 0; drag < DRAGS; drag++) {
      await page.mouse.move(box.x + box.width * 0.2, y);
      await page.mouse.down();
      await page.evaluate(() => (globalThis as unknown as Probe).probe.watch());
      const end = 0.5 + drag * 0.1;
      for (let i = 0; i <= DRAG_MOVES; i++) await page.mouse.move(box.x + box.width * (0.2 + ((end - 0.2) * i) / DRAG_MOVES), y);
      found.push(await page.evaluate(() => (globalThis as unknown as Probe).probe.watched()));
      await page.mouse.up();
      await this.#idle();
      const at = Number(await slider.getAttribute('aria-valuenow'));
      const isThere = await page.evaluate((to) => (globalThis as unknown as Probe).probe.isShown({ kind: 'moved', to }), at);
      if (!isThere) fail(`After a drag, a panel is not at #${at}.`);
      this.#at = at;
    }
    await this.#focusSlider();
    const frames = found.flatMap((drag) => drag.frames);
    const seconds = frames.reduce((sum, time) => sum + time, 0) / 1000;
    const tasks = found.flatMap((drag) => drag.tasks);
    const basis = { samples: frames.length };
    const times = rowsOf(
      'G18b',
      'frame while dragging',
      frames.map((ms) => ({ ms, frames: [] })),
      this.#frame,
      0,
    );
    return [
      { ...row('G18b', `frames while dragging, ${shown} events`, frames.length / seconds, 'per second', 50, 'least'), ...basis },
      ...times.map(withoutTarget),
      row('G18b', 'cursors painted while dragging', found.reduce((sum, { cursors }) => sum + cursors, 0) / seconds, 'per second'),
      { ...row('G18b', 'tasks over 50 ms while dragging', tasks.length, 'tasks', 0), samples: DRAGS },
      row('G18b', 'longest of them', Math.max(0, ...tasks), 'ms'),
    ];
  }

  async filters(): Promise<Row[]> {
    say('filters');
    const field = this.#page.getByRole('textbox', { name: 'Filter events' });
    const samples: Sample[] = [];
    for (let i = 0; i < FILTERS; i++) {
      // Each one is new, so that no answer is in a cache, and hides the rows of the one before.
      const before = 1000 + (FILTERS - i) * 97;
      const wish: Wish = { kind: 'filtered', node: 'search', before };
      samples.push(await timed(this.#page, 'input', wish, () => field.fill(`node:search before:#${before}`)));
      await this.#idle();
    }
    await field.fill('');
    await this.#idle();
    await this.#focusSlider();
    return rowsOf('G18c', 'filter to its first rows', samples, this.#frame, 100);
  }

  async searches(): Promise<Row[]> {
    say('searches');
    const field = this.#page.getByRole('textbox', { name: 'Search every event' });
    const samples: Sample[] = [];
    for (let i = 0; i < FILTERS; i++) {
      const text = `durable execution ${100 + i}`;
      samples.push(await timed(this.#page, 'input', { kind: 'found', text }, () => field.fill(text)));
      await this.#idle();
    }
    await this.#focusSlider();
    return rowsOf('G18d', 'search to its first hit, in the first tenth of the log', samples, this.#frame, 150);
  }

  /** From a key that moves the cursor until the rows of the state say who wrote them. */
  async blames(): Promise<Row[]> {
    say('blames');
    const samples: Sample[] = [];
    for (let i = 0; i < BLAMES; i++) {
      this.#at += 1;
      const wish: Wish = { kind: 'blamed', to: this.#at };
      samples.push(await timed(this.#page, 'keydown', wish, () => this.#page.keyboard.press('ArrowRight')));
      await this.#idle();
    }
    return rowsOf('G18e', 'key to the writers of the rows', samples, this.#frame, 50);
  }

  /** Switching between tabs, and opening the long run anew in a tab. */
  async openings(execution: string, events: number): Promise<Row[]> {
    say('tabs');
    const page = this.#page;
    const last = await page.getByRole('slider', { name: 'Sequence' }).getAttribute('aria-valuemax');
    if (Number(last) < events) fail(`The run ends at #${last}.`);
    const list = async (id: string): Promise<void> => {
      await page.keyboard.press('ControlOrMeta+l');
      await page.getByRole('searchbox', { name: 'Search executions' }).fill(id);
      await page.waitForFunction(() => document.querySelectorAll('[aria-label=Executions] [role=row][aria-rowindex]').length > 0);
      await this.#idle();
    };
    const rows = page.getByRole('grid', { name: 'Executions' }).getByRole('row');
    const at = this.#at;
    await list('invoice');
    await rows.nth(1).click({ modifiers: ['ControlOrMeta'] });
    await page.getByRole('slider', { name: 'Sequence' }).waitFor();
    await this.#idle();
    const short = Number(await page.getByRole('slider', { name: 'Sequence' }).getAttribute('aria-valuenow'));
    const names = page.getByRole('navigation', { name: 'Tabs' }).locator('.tab-name');
    const switched: Sample[] = [];
    for (let i = 0; i < SWITCHES; i++) {
      const toLong = i % 2 === 0;
      switched.push(await timed(page, 'click', { kind: 'moved', to: toLong ? at : short }, () => names.nth(toLong ? 1 : 2).click()));
      await this.#idle();
    }
    const opened: Sample[] = [];
    for (let i = 0; i < OPENINGS; i++) {
      await names.nth(i === 0 ? 1 : 2).click({ button: 'middle' });
      await list(execution);
      const row = rows.filter({ hasText: execution.slice(0, 4) });
      await row.waitFor();
      opened.push(await timed(page, 'click', { kind: 'opened', to: Number(last) }, () => row.click({ modifiers: ['ControlOrMeta'] })));
      await this.#idle();
    }
    this.#at = Number(last);
    return [
      ...rowsOf('G18g', 'click on a tab to its run', switched, this.#frame, 150),
      ...rowsOf('G18g', 'opening the long run in a tab to its first frame', opened, this.#frame, 150),
    ];
  }

  async size(): Promise<Row[]> {
    const session = await this.#page.context().newCDPSession(this.#page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    await session.detach();
    return [
      row('G18h', 'rows in the page, the most', this.#mostRows, 'rows', 200),
      row('G18h', 'heap of the page after all of this', usedSize / 1e6, 'MB', 80),
    ];
  }
}

/** Graphs that are laid out when they are first shown. */
async function graphs(launch: Launch, frame: number): Promise<Row[]> {
  say('graphs');
  const { path, executions } = await wideRuns(NODES);
  const app = await open(launch, [`--open=${path}`]);
  const samples: Sample[] = [];
  try {
    const page = await ready(app);
    for (const execution of executions) {
      await page.keyboard.press('ControlOrMeta+l');
      await page.getByRole('searchbox', { name: 'Search executions' }).fill(execution);
      await page
        .getByRole('grid', { name: 'Executions' })
        .getByRole('row')
        .filter({ hasText: execution.slice(-4) })
        .or(page.getByRole('grid', { name: 'Executions' }).locator('[role=row][aria-rowindex="2"]'))
        .first()
        .dblclick();
      await page.getByRole('slider', { name: 'Sequence' }).waitFor();
      await page.waitForFunction(() => document.querySelector('[role=progressbar]') === null);
      await page.evaluate(() => (globalThis as unknown as { __idle: () => Promise<void> }).__idle());
      samples.push(await timed(page, 'keydown', { kind: 'drawn', nodes: NODES }, () => page.keyboard.press('4')));
      await page.keyboard.press('1');
      await page.getByRole('tree', { name: 'State' }).waitFor();
    }
  } finally {
    await app.close();
  }
  // A frame that came after the next one was due.
  const dropped = samples.map(({ frames }) => frames.filter((time) => time > frame * 1.5).length);
  const made = { ...row('G18f', 'frames dropped meanwhile, the most of a layout', Math.max(...dropped), 'frames', 0), samples: samples.length };
  return [
    ...rowsOf('G18f', `graph of ${NODES} nodes laid out and drawn`, samples, frame, 1000),
    made,
    row('G18f', 'longest frame meanwhile', Math.max(...samples.flatMap(({ frames }) => frames)), 'ms'),
  ];
}
