// @vitest-environment jsdom
import './browser.ts';
import { fireEvent, render, screen } from '@testing-library/react';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { AppView } from '../../renderer/app-view.tsx';
import { panels } from '../../renderer/views/panels.ts';
import { preparedFile, startEngineProcess, until } from '../support/engine.ts';
import { goldenDatabase } from '../support/golden.ts';
import { openPage } from '../support/page.ts';

const RUN = 'a379051c-3407-44af-bb2e-be254227b04b';

/** What prompts may hold: HTML, Markdown that loads or leads somewhere, sequences of a terminal, characters that turn the text around. */
const HOSTILE = [
  { role: 'user', content: '<img src=x onerror="globalThis.harmed = 1"><script>globalThis.harmed = 1</script>' },
  { role: 'user', content: '# Title\n![picture](http://example.org/x.png) [link](javascript:globalThis.harmed=1) **bold**' },
  { role: 'user', content: '\u001b[31mred\u001b]0;title\u0007 \u202egnp.exe' },
  { role: 'tool', content: { not: 'a text' }, tool_calls: [{ id: 1 }, 'no object', { function: { name: '<b>x</b>', arguments: '{"a":1}' } }] },
  'no object',
];

it('shows hostile prompts as they are, also rendered as Markdown, and nothing in them acts', async () => {
  const path = goldenDatabase('agents-0.5.0');
  const database = new Database(path);
  const kind = JSON.stringify({ type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: { messages: HOSTILE } });
  database.prepare('UPDATE events SET kind_json = ? WHERE execution_id = ? AND sequence = 1').run(kind, RUN);
  database.prepare('DELETE FROM work_items').run();
  database.close();
  const { client, onUpdate } = startEngineProcess();
  const page = openPage(client, { panels });
  onUpdate((update) => page.push('task', update));
  page.host.choose(await preparedFile(path));
  await page.app.navigation.open('Opening…', page.client.ask('host.chooseSource', {}));
  await page.app.navigation.enterExecution(RUN, 6);
  render(<AppView app={page.app} />);
  fireEvent.click(await screen.findByRole('tab', { name: 'Conversation' }));
  await until(() => screen.queryAllByRole('article').length === 6);
  const list = screen.getByRole('region', { name: 'What the model was sent' });
  for (const isRendered of [false, true]) {
    if (isRendered) fireEvent.click(screen.getByRole('checkbox', { name: 'Markdown' }));
    expect(list.textContent).toContain('<img src=x onerror="globalThis.harmed = 1">');
    expect(list.textContent).toContain('\\u001b[31mred\\u001b]0;title\\u0007 \\u202egnp.exe');
    expect(list.textContent).toContain('<b>x</b>({"a":1})');
    expect(list.querySelectorAll('img, script, a, iframe, style').length).toBe(0);
  }
  expect(list.querySelector('h1')?.textContent).toBe('Title');
  expect(list.textContent).toContain('[picture: picture http://example.org/x.png]');
  expect(screen.getAllByRole('article').map((article) => article.querySelector('b')?.textContent)).toEqual([
    'system',
    'user',
    'user',
    'user',
    'tool → user',
    'no role → user',
  ]);
  expect('harmed' in globalThis).toBe(false);
});
