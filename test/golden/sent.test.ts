import { describe, expect, it } from 'vitest';
import { explainedRun } from '../../core/debugger/explained-run.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { modelStarts } from '../../core/explain/model-starts.ts';
import { requestText, type SentCall, sentAt } from '../../core/explain/sent.ts';
import { parseJson } from '../../core/json/read.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { goldenDatabase, goldenLines } from '../support/golden.ts';
import { openSqlite } from '../support/sources.ts';

async function allCalls(): Promise<readonly { readonly call: SentCall; readonly time: number; readonly run: string }[]> {
  const source = await openSqlite(goldenDatabase('agents-0.5.0'));
  const { rows } = await source.executions({ sort: 'started', descending: false, offset: 0, limit: 100 });
  const calls: { readonly call: SentCall; readonly time: number; readonly run: string }[] = [];
  for (const { id } of rows) {
    const execution = await OpenExecution.open(source, id);
    await execution.index();
    const run = await explainedRun(execution);
    for (const start of await modelStarts(run)) calls.push({ call: await sentAt(run, start), time: execution.history.timeOf(start.started), run: id });
  }
  return calls;
}

describe('what the models of the real server were sent', () => {
  it('equals each of the 50 requests as the model got them, byte for byte', async () => {
    const seen = goldenLines('agents-0.5.0.seen.jsonl.gz').map((line) => (parseJson(line) as JsonObject).get('request') as string);
    const computed = (await allCalls()).flatMap(({ call }) => requestText(call) ?? []);
    expect(seen).toHaveLength(50);
    expect(computed.toSorted()).toEqual(seen.toSorted());
  });

  it('is in the order of the starts of each case, with the status that each was answered with', async () => {
    const lines = goldenLines('agents-0.5.0.seen.jsonl.gz').map((line) => parseJson(line) as JsonObject);
    const caseOf = (request: string | undefined): string => /case \d+/.exec(request ?? '')?.[0] ?? '';
    const calls = (await allCalls()).filter(({ call }) => call.request !== undefined);
    for (const name of new Set(lines.map((line) => line.get('case') as string))) {
      const ofCase = lines.filter((line) => line.get('case') === name);
      const computed = calls.filter(({ call }) => caseOf(requestText(call)) === name).toSorted((a, b) => a.time - b.time);
      expect(computed.map(({ call }) => requestText(call))).toEqual(ofCase.map((line) => line.get('request')));
      expect(computed.map(({ call }) => (call.answer?.type === 'node_parked' ? 429 : 200))).toEqual(ofCase.map((line) => line.get('status')));
    }
  });

  it('equals the payloads of the work items, and says why the one start without a request had none', async () => {
    const calls = await allCalls();
    expect([calls.length, calls.filter(({ call }) => call.witness === 'equal').length]).toEqual([51, 51]);
    const without = calls.filter(({ call }) => call.request === undefined).map(({ call }) => [call.node, call.whyNone]);
    expect(without).toEqual([['__model_0__', expect.stringContaining('it is the start node')]]);
  });

  it('has the turn, the answer, its tokens and the attempts of each call', async () => {
    const calls = (await allCalls()).filter(({ run }) => run.startsWith('d55a')).map(({ call }) => call);
    expect(calls.slice(0, 3).map(({ turn, attempt, answer }) => [turn, attempt, answer?.type])).toEqual([
      [0, 1, 'node_parked'],
      [0, 2, 'node_completed'],
      [1, 1, 'node_completed'],
    ]);
    expect(calls[1]?.answer).toMatchObject({ finishReason: 'tool_calls', inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
    expect(calls[1]?.answer?.toolCalls?.length).toBeGreaterThan(0);
    expect(calls[1]?.onlySent.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['system_prompt', 'The system prompt twice: once from the definition, and again from the messages.'],
    ]);
    expect(calls[2]?.notSent.map(({ kind }) => kind)).toEqual(['tool_calls', 'roles', 'fields', 'state_keys']);
  });
});
