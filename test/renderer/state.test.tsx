// @vitest-environment jsdom
import './browser.ts';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fireEvent, render, renderHook, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Result } from '../../core/fault.ts';
import type { Dispatch } from '../../core/wire/dispatcher.ts';
import { AppView, Providers } from '../../renderer/app-view.tsx';
import type { Client } from '../../renderer/client.ts';
import { useAnswer } from '../../renderer/state/answers.ts';
import { runCommand } from '../../renderer/state/commands.ts';
import { RunContext } from '../../renderer/state/context.ts';
import { createFrameLoop } from '../../renderer/state/frame-loop.ts';
import type { Run } from '../../renderer/state/run.ts';
import type { RunState } from '../../renderer/state/run-state.ts';
import { useEventColumns } from '../../renderer/views/events/event-columns.tsx';
import { panels } from '../../renderer/views/panels.ts';
import { preparedFile, startEngineProcess, until } from '../support/engine.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { openPage, type TestPage } from '../support/page.ts';
import { temporaryFolder } from '../support/temp.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';

/** Delays requests by name, or lets them fail. */
class Gate {
  readonly #held = new Map<string, (() => void)[]>();
  readonly #failing = new Map<string, Result<never>>();
  /** The names of cancelled requests. */
  readonly aborted: string[] = [];

  readonly intercept =
    (dispatch: Dispatch): Dispatch =>
    async (name, params, signal) => {
      signal.addEventListener('abort', () => this.aborted.push(name));
      const failing = this.#failing.get(name);
      if (failing !== undefined) return failing;
      const held = this.#held.get(name);
      if (held !== undefined) await new Promise<void>((resolve) => held.push(resolve));
      return dispatch(name, params, signal);
    };

  hold(name: string): void {
    this.#held.set(name, []);
  }

  isHolding(name: string): boolean {
    return (this.#held.get(name)?.length ?? 0) > 0;
  }

  release(name: string): void {
    const held = this.#held.get(name) ?? [];
    this.#held.delete(name);
    for (const go of held) go();
  }

  fail(name: string): void {
    this.#failing.set(name, { ok: false, fault: { kind: 'damaged', subject: 'x.db' } });
  }

  heal(name: string): void {
    this.#failing.delete(name);
  }
}

interface Opened extends TestPage {
  readonly gate: Gate;
}

/** A page that shows the executions of a file. */
async function openedPage(path = SAMPLE): Promise<Opened> {
  const gate = new Gate();
  const { client: engine, onUpdate } = startEngineProcess();
  const page = openPage(engine, { panels, intercept: gate.intercept });
  onUpdate((update) => page.push('task', update));
  page.host.choose(await preparedFile(path));
  const { app, client } = page;
  await app.navigation.open('Opening…', client.ask('host.chooseSource', {}));
  return { ...page, gate };
}

function runOf({ app }: TestPage): Run {
  const { run } = app.navigation.store.getState();
  if (run === undefined) throw new Error('no execution is open');
  return run;
}

async function indexed(page: TestPage): Promise<Run> {
  const run = runOf(page);
  await until(() => run.store.getState().frame?.basis === 'index' && run.store.getState().task === undefined);
  return run;
}

async function eventLoopTurns(rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) await setImmediate();
}

describe('E8: an answer', () => {
  const shown = async (keep: boolean) => {
    const page = await openedPage();
    const wrapper = ({ children }: { readonly children: ReactNode }) => <Providers app={page.app}>{children}</Providers>;
    const hook = renderHook(
      ({ sequence }: { readonly sequence: number | undefined }) =>
        useAnswer('values.text', sequence === undefined ? undefined : { source: 1, execution: AGENT, sequence, reading: 'replay', pointer: '' }, {
          keep,
        }),
      { wrapper, initialProps: { sequence: 5 as number | undefined } },
    );
    await until(() => hook.result.current !== undefined);
    return { ...page, hook };
  };

  it('is not returned when there is no request any more', async () => {
    for (const keep of [true, false]) {
      const { hook } = await shown(keep);
      hook.rerender({ sequence: undefined });
      expect(hook.result.current).toBeUndefined();
    }
  });

  it('is not returned for other parameters, unless it may be kept until the new one arrives', async () => {
    for (const keep of [true, false]) {
      const { hook, gate } = await shown(keep);
      gate.hold('values.text');
      hook.rerender({ sequence: 6 });
      expect(hook.result.current === undefined).toBe(!keep);
      gate.release('values.text');
      await until(() => hook.result.current !== undefined);
    }
  });

  it('is not returned when the new request fails', async () => {
    const { hook, gate } = await shown(true);
    gate.fail('values.text');
    hook.rerender({ sequence: 7 });
    await until(() => hook.result.current === undefined);
  });
});

describe('E9: an execution on screen', () => {
  it('stops playing when another one is opened, which does not play', async () => {
    const page = await openedPage();
    await page.app.navigation.enterExecution(AGENT, 0);
    const first = await indexed(page);
    first.setSpeed({ unit: 'per-second', value: 1000 });
    first.togglePlay();
    await until(() => first.store.getState().sequence > 3);
    await page.app.navigation.enterExecution('77b0', 2);
    const second = await indexed(page);
    const at = first.store.getState().sequence;
    expect(first.store.getState().playing).toBe(false);
    for (let i = 0; i < 20; i++) await page.client.ask('tasks.cancel', { task: 0 });
    expect([first.store.getState().sequence, second.store.getState().sequence, second.store.getState().playing]).toEqual([at, 2, false]);
  });

  it('has at most one timer, however often playing is started and stopped', async () => {
    const page = await openedPage();
    await page.app.navigation.enterExecution(AGENT, 0);
    const run = await indexed(page);
    run.setSpeed({ unit: 'per-second', value: 1000 });
    for (let i = 0; i < 5; i++) run.togglePlay();
    run.togglePlay();
    const at = run.store.getState().sequence;
    for (let i = 0; i < 20; i++) await page.client.ask('tasks.cancel', { task: 0 });
    expect(run.store.getState().sequence).toBe(at);
  });

  it('does not jump to a failure that was requested before the cursor was moved or another execution was opened', async () => {
    const page = await openedPage();
    await page.app.navigation.enterExecution(AGENT, 1);
    const first = await indexed(page);
    page.gate.hold('events.nearest');
    void first.toNearest('failure', 'next');
    await until(() => page.gate.isHolding('events.nearest'));
    first.moveTo(7);
    page.gate.release('events.nearest');
    await eventLoopTurns(20);
    expect(first.store.getState().sequence).toBe(7);

    page.gate.hold('events.nearest');
    void first.toNearest('failure', 'next');
    await until(() => page.gate.isHolding('events.nearest'));
    await page.app.navigation.enterExecution('77b0', 2);
    page.gate.release('events.nearest');
    await eventLoopTurns(20);
    expect([first.store.getState().sequence, runOf(page).store.getState().sequence]).toEqual([7, 2]);
  });
});

describe('E10: reloading the database', () => {
  it('from the list requests the list again and stays there, also when an execution is open', async () => {
    const page = await openedPage();
    render(<AppView app={page.app} />);
    await until(() => page.asked.includes('executions.page'));
    await page.app.navigation.enterExecution(AGENT, 5);
    await indexed(page);
    page.app.navigation.showExecutions();
    await page.client.idle();
    page.asked.length = 0;
    await page.app.navigation.reload();
    await page.client.idle();
    expect(page.asked).toEqual(expect.arrayContaining(['host.reloadSource', 'executions.page', 'executions.facets', 'sources.count']));
    expect(page.app.navigation.store.getState().screen).toBe('executions');
    expect(runOf(page).store.getState().sequence).toBe(5);
  });
});

describe('E13: after a failure', () => {
  it('the frame is requested again at the next move', async () => {
    let asked = 0;
    const client = {
      ask: async () => {
        asked++;
        if (asked === 1) throw new Error('the bridge broke');
        return { ok: false, fault: { kind: 'engine-gone' } };
      },
    } as unknown as Client;
    const state = { view: { id: 'x' }, sequence: 1, reading: 'replay' } as RunState;
    const frames = createFrameLoop({ client, source: 1, store: createStore(() => state), want: () => ({}), onFault: () => {}, onFrame: () => {} });
    await expect(frames.refresh()).rejects.toThrow('the bridge broke');
    await frames.refresh();
    expect(asked).toBe(2);
  });

  it('the Fault is shown instead of rows, and the rows are shown when they are requested again', async () => {
    const page = await openedPage();
    page.gate.fail('events.page');
    render(<AppView app={page.app} />);
    await page.app.navigation.enterExecution('77b0', 2);
    await indexed(page);
    await until(() => screen.queryAllByRole('alert').some(({ textContent }) => textContent?.includes('x.db is damaged')));
    page.gate.heal('events.page');
    await page.app.navigation.reload();
    await until(() => screen.queryByRole('row', { selected: true }) !== null);
    expect(screen.getByRole('row', { selected: true }).textContent).toContain('2');
  });

  it('only the execution that was requested last is shown', async () => {
    const page = await openedPage();
    page.gate.hold('executions.open');
    const first = page.app.navigation.enterExecution(AGENT, 5);
    await until(() => page.gate.isHolding('executions.open'));
    const second = page.app.navigation.enterExecution('77b0', 2);
    page.gate.release('executions.open');
    await Promise.all([first, second]);
    expect(runOf(page).store.getState()).toMatchObject({ sequence: 2, view: { workflowId: 'invoice-intake' } });
  });
});

describe('E16: what a move of the cursor leaves as it was stays the same object, so that its view is not drawn again', () => {
  it('in a frame, slice by slice', async () => {
    const page = await openedPage();
    // Neither of the two events changes the state.
    await page.app.navigation.enterExecution(AGENT, 13);
    const run = await indexed(page);
    const before = run.store.getState().frame?.slices;
    run.step(1);
    await until(() => run.store.getState().frame?.sequence === 14);
    const now = run.store.getState().frame?.slices;
    expect(now?.event).not.toEqual(before?.event);
    expect(now?.tree?.rows.length).toBeGreaterThan(0);
    expect(now?.tree).toBe(before?.tree);
  });

  it('in the list of events, the columns', async () => {
    const page = await openedPage();
    await page.app.navigation.enterExecution(AGENT, 5);
    const run = await indexed(page);
    const wrapper = ({ children }: { readonly children: ReactNode }) => (
      <Providers app={page.app}>
        <RunContext value={run}>{children}</RunContext>
      </Providers>
    );
    const hook = renderHook(() => useEventColumns(false).getVisibleLeafColumns(), { wrapper });
    const columns = hook.result.current;
    hook.rerender();
    expect(hook.result.current).toBe(columns);
  });
});

describe('E17: the cursor', () => {
  it('is told who wrote the rows on screen together with the frame, so that nothing else is asked for', async () => {
    const page = await openedPage();
    const { unmount } = render(<AppView app={page.app} />);
    await page.app.navigation.enterExecution(AGENT, 13);
    const run = await indexed(page);
    await until(() => document.querySelector('[role=tree] .writer') !== null);
    await page.client.idle();
    page.gate.hold('explain.writers');
    run.step(1);
    await until(() => screen.getByRole('status', { name: 'Cursor' }).textContent?.startsWith('#14 ') === true);
    const rows = run.store.getState().frame?.slices.tree;
    expect(rows?.writers?.map(({ pointer }) => pointer)).toEqual(rows?.rows.map(({ pointer }) => pointer));
    expect(document.querySelectorAll('[role=tree] .writer').length).toBe(document.querySelectorAll('[role=treeitem]').length);
    expect(page.gate.isHolding('explain.writers')).toBe(false);
    unmount();
  });

  it('may be ahead of the moment on screen, which is what is copied', async () => {
    const page = await openedPage();
    await page.app.navigation.enterExecution(AGENT, 402);
    const run = await indexed(page);
    page.gate.hold('frame.at');
    run.moveTo(1);
    const copied = await run.valueText('/approved_by');
    expect(copied).toMatchObject({ ok: true, value: { text: 'kim' } });
    page.gate.release('frame.at');
  });

  it('is remembered by the host, also after going back and forward', async () => {
    const page = await openedPage();
    await page.app.navigation.enterExecution(AGENT, 402);
    const run = await indexed(page);
    run.moveTo(7, { jump: true });
    await until(() => page.host.kept.at(-1)?.tabs[0]?.sequence === 7);
    run.back();
    await until(() => page.host.kept.at(-1)?.tabs[0]?.sequence === 402);
    run.forward();
    await until(() => page.host.kept.at(-1)?.tabs[0]?.sequence === 7);
  });
});

describe('E19: cached answers', () => {
  it('are removed with their source, and requests that are no longer needed are cancelled', async () => {
    const page = await openedPage();
    const { unmount } = render(<AppView app={page.app} />);
    await until(() => page.asked.includes('executions.page'));
    await page.client.idle();
    expect(page.app.queries.getQueryCache().getAll().length).toBeGreaterThan(0);
    page.gate.hold('executions.page');
    page.app.list.setQuery({ text: 'loan' });
    await until(() => page.gate.isHolding('executions.page'));
    page.app.list.setQuery({ text: 'loan-review' });
    await until(() => page.gate.aborted.includes('executions.page'));
    page.gate.release('executions.page');
    await page.app.navigation.close();
    expect(page.app.queries.getQueryCache().getAll()).toEqual([]);
    expect(page.host.closed).toEqual([1]);
    unmount();
  });
});

describe('R7: an execution that was chosen', () => {
  it('is closed in the engine when another one, or the list, was chosen before it was open', async () => {
    const page = await openedPage();
    page.gate.hold('executions.open');
    const { navigation } = page.app;
    const entered = [navigation.enterExecution(AGENT, 5), navigation.enterExecution('6a90', 2), navigation.enterExecution('77b0', 2)];
    await until(() => page.gate.isHolding('executions.open'));
    page.gate.release('executions.open');
    await Promise.all(entered);
    await page.client.idle();
    expect(page.asked.filter((name) => name === 'executions.close')).toHaveLength(2);
    expect(runOf(page).store.getState().view.workflowId).toBe('invoice-intake');

    page.asked.length = 0;
    page.gate.hold('executions.open');
    const late = navigation.enterExecution(AGENT, 5);
    await until(() => page.gate.isHolding('executions.open'));
    navigation.showExecutions();
    page.gate.release('executions.open');
    await late;
    await page.client.idle();
    expect(page.asked).toContain('executions.close');
  });

  it('stays open when it was chosen twice', async () => {
    const page = await openedPage();
    page.gate.hold('executions.open');
    const entered = [page.app.navigation.enterExecution(AGENT, 5), page.app.navigation.enterExecution('9f31', 6)];
    await until(() => page.gate.isHolding('executions.open'));
    page.gate.release('executions.open');
    await Promise.all(entered);
    expect(page.asked).not.toContain('executions.close');
  });
});

describe('R15: a database that is closed while it is reloaded', () => {
  it('stays closed', async () => {
    const page = await openedPage();
    page.gate.hold('host.reloadSource');
    const reloaded = page.app.navigation.reload();
    await until(() => page.gate.isHolding('host.reloadSource'));
    await page.app.navigation.close();
    page.gate.release('host.reloadSource');
    await reloaded;
    expect(page.app.sources.store.getState().open).toEqual([]);
    expect(page.host.closed).toEqual([1, 1]);
  });
});

describe('R16: what is copied', () => {
  it('is in the reading on screen, not in one that was chosen since', async () => {
    const page = await openedPage();
    await page.app.navigation.enterExecution(AGENT, 402);
    const run = await indexed(page);
    page.gate.hold('frame.at');
    run.setReading('given');
    // The edit of an approval is in replay; nodes do not receive it.
    expect(await run.valueText('/approved_by')).toMatchObject({ ok: true, value: { text: 'kim' } });
    page.gate.release('frame.at');
  });
});

describe('R21: notices', () => {
  it('of one task end with that task', async () => {
    const { app } = await openedPage();
    const { notices } = app;
    const ends: (() => void)[] = [];
    const work = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
    const [first, second] = [notices.during('Opening A…', work()), notices.during('Opening B…', work())];
    ends[0]?.();
    await first;
    expect(notices.store.getState().waiting.map(({ text }) => text)).toEqual(['Opening B…']);
    ends[1]?.();
    await second;
    expect(notices.store.getState().waiting).toEqual([]);

    const update = { kind: 'export', source: 1, execution: AGENT, phase: 'writing', done: 1, total: 9 } as const;
    notices.onTask({ ...update, task: 2, state: 'running' });
    notices.onTask({ ...update, task: 1, state: 'running' });
    notices.onTask({ ...update, task: 1, state: 'done' });
    expect(notices.store.getState().exporting.map(({ task }) => task)).toEqual([2]);
  });
});

describe('R22: a closed run', () => {
  it('does not move back or forward', async () => {
    const page = await openedPage();
    await page.app.navigation.enterExecution(AGENT, 402);
    const run = await indexed(page);
    run.moveTo(7, { jump: true });
    run.moveTo(8, { jump: true });
    run.back();
    run.close();
    run.back();
    run.forward();
    expect(run.store.getState().sequence).toBe(7);
  });
});

describe('a note about a bookmark', () => {
  it('is kept while it is typed, when the field has not been left', async () => {
    const page = await openedPage();
    render(<AppView app={page.app} />);
    await page.app.navigation.enterExecution(AGENT, 5);
    const run = await indexed(page);
    run.toggleBookmark();
    await until(() => screen.queryByLabelText('Note about #5') !== null);
    const field = screen.getByLabelText('Note about #5');
    for (const value of ['h', 'he', 'here']) fireEvent.change(field, { target: { value } });
    await until(() => run.store.getState().bookmarks[0]?.note === 'here');
    expect(await page.client.ask('host.bookmarks', { execution: AGENT })).toMatchObject({ value: [{ sequence: 5, note: 'here' }] });
    run.removeBookmark(5);
    await until(() => screen.queryByLabelText('Note about #5') === null);
  });
});

describe('an execution that is too long to be read for the list', () => {
  it('has an unknown reason, cost, and number of tokens and retries there', async () => {
    const path = join(temporaryFolder(), 'long.db');
    makeFile(path, { events: Array.from({ length: 3001 }, (_, i) => sets(i + 1, 'a', i)) });
    const page = await openedPage(path);
    render(<AppView app={page.app} />);
    await until(() => screen.queryAllByLabelText('unknown').length > 0);
    const unknown = screen.getAllByLabelText('unknown');
    expect(unknown.map(({ textContent, title }) => [textContent, title.includes('too many events')])).toEqual(Array(4).fill(['?', true]));
    expect(screen.getByText('long').title).toContain('too many events');
  });
});

describe('a command of a setting', () => {
  it('chooses one of its values', async () => {
    const { app } = await openedPage();
    for (const id of ['theme-light', 'contrast-more', 'rows-compact', 'times-ago', 'times-local']) runCommand(app, id);
    expect(app.settings.store.getState().preferences).toMatchObject({
      theme: 'light',
      contrast: 'more',
      density: 'compact',
      times: { form: 'ago', zone: 'local' },
    });
    expect(document.documentElement.dataset).toMatchObject({ theme: 'light', contrast: 'more', density: 'compact' });
  });
});
