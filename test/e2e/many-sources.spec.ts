import type { EngineRequests } from '../../core/contract/contract.ts';
import type { OpenedSource } from '../../core/contract/host.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { Result } from '../../core/fault.ts';
import type { WireClient } from '../../core/wire/client.ts';
import { scrubManyAtOnce } from '../support/many-sources.ts';
import { expect, start, temporary, test } from './fixtures.ts';

const SEED = 20_260_601;

interface InPage {
  ask(name: string, params: unknown): Promise<unknown>;
  readonly updates: TaskUpdate[];
}

test('three sources and six executions are scrubbed at once through the window, while one is closed, one is indexed and one is damaged', async () => {
  test.setTimeout(180_000);
  const { app, page } = await start({ env: { HINDSIGHT_MEMORY: '1' } });
  await page.getByRole('button', { name: 'Open the sample' }).waitFor();
  await page.evaluate(() => {
    type Message = { readonly id: number; readonly result: unknown } | { readonly push: string; readonly value: unknown };
    const { bridge } = globalThis as unknown as { bridge: { send(message: unknown): void; listen(receive: (message: Message) => void): void } };
    const waiting = new Map<number, (result: unknown) => void>();
    const updates: unknown[] = [];
    let last = 0;
    bridge.listen((message) => {
      if ('push' in message) updates.push(message.value);
      else waiting.get(message.id)?.(message.result);
    });
    const ask = (name: string, params: unknown): Promise<unknown> =>
      new Promise((resolve) => {
        // Negative ids, because the page uses positive ones.
        waiting.set(--last, resolve);
        bridge.send({ id: last, name, params });
      });
    Object.assign(globalThis, { inPage: { ask, updates } });
  });
  const askPage = <T>(name: string, params: unknown): Promise<Result<T>> =>
    page.evaluate(([asked, about]) => (globalThis as unknown as { inPage: InPage }).inPage.ask(asked as string, about), [name, params] as const) as Promise<
      Result<T>
    >;
  const updates: TaskUpdate[] = [];
  const outcome = await scrubManyAtOnce(
    {
      ask: askPage as WireClient<EngineRequests>['ask'],
      updates,
      open: async (spec) => {
        if (spec.kind === 'sqlite') {
          await app.evaluate(({ dialog }, path) => {
            dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
          }, spec.path);
        }
        const opened = await askPage<OpenedSource>(spec.kind === 'sqlite' ? 'host.chooseSource' : 'host.openSample', {});
        if (!opened.ok) throw new Error(JSON.stringify(opened.fault));
        return opened.value.source;
      },
      close: async (source) => {
        await askPage('host.closeSource', { source });
        updates.splice(0, updates.length, ...(await page.evaluate(() => (globalThis as unknown as { inPage: InPage }).inPage.updates)));
      },
    },
    temporary('many'),
    SEED,
  );
  expect(outcome.wrong).toEqual([]);
  expect(outcome.stillRunning).toEqual([]);
  for (const whole of ['9f31', '6a90', '77b0', 'long']) expect(outcome.frames[`${whole} index`], whole).toBeGreaterThan(0);
  expect(outcome.faults['run damaged']).toBeGreaterThan(0);
  expect(outcome.faults['0000 no-source']).toBeGreaterThan(0);
  await app.close();
});
