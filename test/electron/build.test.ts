import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ASSETS = join(import.meta.dirname, '..', '..', 'out', 'renderer', 'assets');

it('the page is built for production, also when a test runner builds it', () => {
  const scripts = readdirSync(ASSETS).filter((name) => name.endsWith('.js'));
  expect(scripts).not.toEqual([]);
  // A frame of stacks that only the build of React for development has.
  for (const name of scripts) expect(readFileSync(join(ASSETS, name), 'utf8')).not.toContain('react_stack_bottom_frame');
});
