import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { buildIfStale } from '../build.ts';
import { hasDisplay } from '../display.ts';
import { prepareLaunch } from '../launch.ts';
import { agentRun } from './databases.ts';
import { type Group, quantile, row } from './measure.ts';

const STEPS = 200;

/** The time from a key press in the real window until its effect is painted. */
export const painting: Group = {
  goals: ['paint'],
  onlyFull: true,
  async measure({ events, shown }) {
    buildIfStale();
    const times = await keyToFrame(await agentRun(events));
    return [
      row('paint', `key to painted frame in the window, ${shown} events, p50`, quantile(times, 0.5), 'ms', 50),
      row('paint', 'key to painted frame in the window, p95', quantile(times, 0.95), 'ms', 50),
    ];
  },
};

async function keyToFrame({ file, execution }: Awaited<ReturnType<typeof agentRun>>): Promise<number[]> {
  const { executable, args, env, cwd } = await prepareLaunch({ virtual: !hasDisplay() });
  const app = await _electron.launch({
    executablePath: executable,
    args: [...args, `--open=${file.path}`, `--execution=${execution}`, '--at=40000'],
    cwd,
    env: { ...env, HINDSIGHT_TEST: '1', HINDSIGHT_USER_DATA: mkdtempSync(join(tmpdir(), 'hindsight-bench-')) },
  });
  try {
    const page = await app.firstWindow();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('slider', { name: 'Sequence' }).waitFor();
    await page.getByRole('status', { name: 'Cursor' }).filter({ hasText: '#40000' }).waitFor();
    await page.waitForFunction(() => document.querySelector('[role=progressbar]') === null);
    await page.evaluate(() => {
      const measured: number[] = [];
      Object.assign(globalThis, { measured });
      const text = (): string | null | undefined => document.querySelector('[aria-label="Cursor"]')?.textContent;
      window.addEventListener(
        'keydown',
        async (event) => {
          const before = text();
          while (text() === before) await new Promise((resolve) => requestAnimationFrame(resolve));
          await new Promise((resolve) => requestAnimationFrame(resolve));
          measured.push(performance.now() - event.timeStamp);
        },
        { capture: true },
      );
    });
    for (let i = 0; i < STEPS; i++) {
      await page.keyboard.press(i % 4 === 3 ? 'ArrowLeft' : 'ArrowRight');
      await page.waitForFunction((count) => (globalThis as unknown as { measured: number[] }).measured.length === count, i + 1);
    }
    return await page.evaluate(() => (globalThis as unknown as { measured: number[] }).measured);
  } finally {
    await app.close();
  }
}
