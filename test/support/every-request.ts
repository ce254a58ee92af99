import type { EngineRequests, Params } from '../../core/contract/contract.ts';
import type { HostEngine } from './host-engine.ts';

/** A request of each kind that reads the execution `run`. */
function requestsOf(source: number, execution: string): readonly (readonly [keyof EngineRequests & string, unknown])[] {
  const run = { source, execution };
  const at = { ...run, sequence: 20, reading: 'replay' };
  return [
    ['sources.count', { source }],
    ['executions.facets', { source }],
    ['executions.page', { source, sort: 'started', descending: true, offset: 0, limit: 10 }],
    ['executions.digest', { ...run, row: { status: 'running', workflowId: 'w', workflowVersion: '1' } }],
    ['executions.open', run],
    ['events.page', { ...run, from: 0, count: 50, filter: '' }],
    ['events.page', { ...run, from: 0, count: 50, filter: 'node:k1' }],
    ['events.detail', { ...run, sequence: 20 }],
    ['frame.at', { ...at, want: { text: { from: 0, count: 50 }, tree: { from: 0, count: 50, opened: [], closed: [], reveal: true } } }],
    ['values.text', { ...at, pointer: '' }],
    ['findings.list', run],
    ['export.preview', { ...at, kind: 'state', form: 'pretty' }],
    ['explain.why', run],
    ['explain.changes', { ...run, pointer: '/k1' }],
    ['executions.close', run],
  ];
}

/** Sends all of them at once. */
export async function askAll({ ask }: HostEngine, source: number, execution = 'run') {
  return Promise.all(requestsOf(source, execution).map(async ([name, params]) => [name, await ask(name, params as Params<typeof name>)] as const));
}
