import { describe, expect, it } from 'vitest';
import { frameRequests } from '../../core/contract/frame.ts';
import { hostRequests } from '../../core/contract/host.ts';
import { Settings } from '../../electron/settings.ts';
import { temporaryFolder } from '../support/temp.ts';

describe('E18: requests of a page are bounded', () => {
  const frame = (opened: readonly string[]): boolean =>
    frameRequests['frame.at'].params.safeParse({
      source: 1,
      execution: 'x',
      sequence: 0,
      reading: 'replay',
      want: { tree: { from: 0, count: 10, opened, closed: [], reveal: true } },
    }).success;
  const settings = (layout: unknown): boolean => hostRequests['host.keepSettings'].params.safeParse({ layout }).success;

  it('in the pointers of a tree, singly and in total', () => {
    expect(frame(Array.from({ length: 20_000 }, (_, i) => `/${i}`))).toBe(true);
    expect(frame(Array.from({ length: 20_001 }, () => '/a'))).toBe(false);
    expect(frame(Array.from({ length: 99 }, () => `/${'a'.repeat(9999)}`))).toBe(true);
    expect(frame(Array.from({ length: 101 }, () => `/${'a'.repeat(9999)}`))).toBe(false);
    expect(frame([`/${'a'.repeat(10_000)}`])).toBe(false);
  });

  it('A6: in the zoom of the window', () => {
    const zoom = (value: number): boolean => hostRequests['host.keepSettings'].params.safeParse({ zoom: value }).success;
    expect([0.49, 0.5, 1, 3, 3.01, Number.NaN, Number.POSITIVE_INFINITY].map(zoom)).toEqual([false, true, true, true, false, false, false]);
  });

  it('in the sizes of panels, and in the groups of them that are ever remembered', async () => {
    expect(settings({ panes: [30, 40, 30] })).toBe(true);
    expect(settings({ panes: [30, 40, 101] })).toBe(false);
    expect(settings({ panes: [Number.NaN] })).toBe(false);
    expect(settings(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`group ${i}`, [1]])))).toBe(false);
    const kept = new Settings(`${temporaryFolder()}/settings.json`);
    for (let i = 0; i < 500; i++) kept.keepLayout({ [`group ${i}`]: [i % 100] });
    await kept.flush();
    expect(Object.keys(kept.layout)).toHaveLength(50);
    expect(kept.layout['group 499']).toEqual([99]);
  });

  it('in what is remembered of a workflow, and in the workflows', async () => {
    const workflow = (choices: object, id = 'w'): boolean =>
      hostRequests['host.keepSettings'].params.safeParse({ workflow: { id, choices: { watches: [], conditions: [], tracks: [], ...choices } } }).success;
    expect(workflow({ watches: ['/a'], conditions: ['state.a > 1'], tracks: ['/a/b'] })).toBe(true);
    expect(workflow({ watches: Array.from({ length: 51 }, () => '/a') })).toBe(false);
    expect(workflow({ watches: [`/${'a'.repeat(1000)}`] })).toBe(false);
    expect(workflow({ conditions: ['a'.repeat(1001)] })).toBe(false);
    expect(workflow({ tracks: ['not a path'] })).toBe(false);
    expect(workflow({}, 'w'.repeat(501))).toBe(false);
    const path = `${temporaryFolder()}/settings.json`;
    const kept = new Settings(path);
    for (let i = 0; i < 150; i++) kept.keepWorkflow(`w${i}`, { watches: [`/${i}`], conditions: [], tracks: [] });
    kept.keepWorkflow('w149', { watches: [], conditions: [], tracks: [] });
    await kept.flush();
    const again = new Settings(path);
    expect([Object.keys(again.workflows).length, again.workflows['w148']?.watches, again.workflows['w149']]).toEqual([99, ['/148'], undefined]);
  });
});
