import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, copyTables } from '../support/copy-tables.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { copyOf, expect, type Hindsight, SAMPLE, start, temporary, test } from './fixtures.ts';

let server: PostgresServer;
let url: string;

test.beforeAll(async () => {
  server = await PostgresServer.start();
  url = server.url('?schema=runs');
  const client = await connect(server.url());
  await client.query('CREATE SCHEMA runs');
  await client.end();
  await copyTables(copyOf(SAMPLE), url, 'text');
});

test.afterAll(() => server.stop());

async function connectTo({ page, idle }: Hindsight, password: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Connect to Postgres' });
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  await idle();
}

test('a database on a server is opened by its address, and an execution is scrubbed as in a file', async () => {
  const hindsight = await start();
  const { page, app, cursor, goTo, trouble } = hindsight;
  await page.getByRole('button', { name: 'Connect to Postgres…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect to Postgres' });
  // The password of an address is hidden at once, and the parts of the address are filled in.
  await dialog.getByLabel('Address').fill(url);
  await expect(dialog.getByLabel('Address')).toHaveValue(url.replace(`:${server.password}@`, '@'));
  await expect(dialog.getByLabel('Password')).toHaveValue(server.password);
  await expect(dialog.getByLabel('Schema')).toHaveValue('runs');
  await dialog.getByLabel('Password').fill('pa55-w0rd');
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog.getByRole('alert')).toHaveText(/^postgres on 127\.0\.0\.1:\d+ cannot be opened, because the server refused the login: /);
  await expect(dialog.getByRole('alert')).not.toContainText('pa55');
  await connectTo(hindsight, server.password);
  await expect(page.getByRole('heading', { name: 'postgres.runs' })).toBeVisible();

  await page.getByRole('list', { name: 'Remarks on the database' }).getByRole('button').click();
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/^CREATE ROLE[\s\S]+GRANT SELECT ON ALL TABLES IN SCHEMA "runs"/);

  const states = async (of: Hindsight): Promise<string[]> => {
    const found: string[] = [];
    await of.openExecution('9f31c2d4');
    await of.page.getByRole('tab', { name: 'JSON' }).click();
    for (const sequence of [1, 150, 402]) {
      await of.goTo(sequence);
      found.push((await of.page.getByRole('tabpanel').first().textContent()) ?? '');
    }
    return found;
  };
  const onServer = await states(hindsight);
  await goTo(300);
  await page.getByRole('grid', { name: 'Events' }).focus();
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
  await hindsight.idle();
  expect(await cursor()).toContain('#320 of');
  await app.close();
  expect(trouble).toEqual([]);

  const file = await start({ args: ['--open=sample'] });
  await file.page.getByRole('grid', { name: 'Executions' }).waitFor();
  expect(onServer).toEqual(await states(file));
  expect(onServer.every((text) => text.length > 100)).toBe(true);
  await file.app.close();
});

test('it is among the recent ones without its password, which is kept until the application ends and then asked for again', async () => {
  const userData = temporary('user');
  const first = await start({ userData });
  await first.page.getByRole('button', { name: 'Connect to Postgres…' }).waitFor();
  await first.idle();
  await first.page.keyboard.press('Control+Shift+O');
  const dialog = first.page.getByRole('dialog', { name: 'Connect to Postgres' });
  // The keychain of a desktop is not there under a virtual display.
  await expect(dialog).toContainText('This system has no keychain that could protect the password, so it is kept until Hindsight ends');
  await dialog.getByLabel('Address').fill(url);
  await connectTo(first, server.password);
  await first.page.getByRole('button', { name: 'Close', exact: true }).click();
  const recent = first.page.getByRole('listitem');
  await expect(recent).toContainText('postgres.runs');
  await expect(recent).toContainText('Postgres · postgres@127.0.0.1');
  await recent.getByRole('button').first().click();
  await expect(first.page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  await first.app.close();
  const kept = readFileSync(join(userData, 'settings.json'), 'utf8');
  expect(kept).toContain('postgres@127.0.0.1');
  expect(kept).not.toContain(server.password);

  const again = await start({ userData });
  await again.page.getByRole('listitem').getByRole('button').first().click();
  await expect(again.page.getByRole('dialog', { name: 'Connect to Postgres' }).getByLabel('Database')).toHaveValue('postgres');
  await connectTo(again, server.password);
  await again.app.close();
});
