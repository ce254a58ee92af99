import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { searchEvents, searchProblem } from '../../core/debugger/search-thread.ts';
import { readEvent } from '../../core/jamjet/event.ts';
import { type Pointer, valueAt } from '../../core/json/pointer.ts';
import { isArray, isObject, type Json, JsonNumber } from '../../core/json/value.ts';
import { type Hit, Search, type SearchQuery } from '../../core/replay/search.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';
import { chunkOf } from '../support/history.ts';
import { hostileHistory, SEED } from '../support/hostile.ts';

/** All keys and scalars of a value, without escapes. */
function textsOf(value: Json): string[] {
  if (isObject(value)) return [...value].flatMap(([key, member]) => [key, ...textsOf(member)]);
  if (isArray(value)) return value.flatMap(textsOf);
  return [value instanceof JsonNumber ? value.text : String(value)];
}

function occurrences(texts: readonly string[], text: string): number {
  return texts.reduce((sum, candidate) => sum + candidate.split(text).length - 1, 0);
}

const plain = (text: string): SearchQuery => ({ text, regex: false, matchCase: true, wholeWord: false });

describe('a search', () => {
  it('finds a plain text as often as brute force does, however it is escaped in the log, with the paths', () => {
    const searched = fc.oneof(
      fc.constantFrom(
        'a',
        'state_patch',
        'node',
        '🙂',
        '日本',
        '/',
        '"',
        '\\',
        'ü🙂',
        '9007199254740993',
        'null',
        'true',
        '\u0000',
        '1',
        'e',
        'line\nbreak',
        '-',
      ),
      fc.string({ minLength: 1, maxLength: 2 }),
    );
    fc.assert(
      fc.property(hostileHistory, searched, ({ events }, text) => {
        const found: Hit[] = [];
        const withHits = new Search(plain(text)).chunk(chunkOf(events), (hit) => found.push(hit));
        const counts = events.map((event) => {
          const reading = readEvent(event.text);
          return occurrences(reading.ok ? textsOf(reading.event.fields) : [event.text], text);
        });
        expect(events.map(({ sequence }) => found.filter((hit) => hit.sequence === sequence).length)).toEqual(counts);
        expect(withHits).toBe(counts.filter((count) => count > 0).length);
        for (const hit of found) {
          expect(hit.found).toBe(text);
          const reading = readEvent(events.find(({ sequence }) => sequence === hit.sequence)?.text ?? '');
          if (!reading.ok) continue;
          if (hit.inKey) expect(valueAt(reading.event.fields, hit.path as Pointer)).toBeDefined();
          else expect(textsOf(valueAt(reading.event.fields, hit.path as Pointer) as Json)[0]).toContain(`${hit.before}${text}${hit.after}`);
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it.each([
    ['plain, in any case', { text: 'TIMEOUT' }, 2],
    ['plain, in this case', { text: 'Timeout', matchCase: true }, 1],
    ['a whole word', { text: 'time', wholeWord: true }, 1],
    ['a whole word after an escape', { text: 'line', wholeWord: true, matchCase: true }, 1],
    ['a regular expression', { text: '^time\\s?out$', regex: true }, 1],
    ['no hit for a regular expression that matches the empty text', { text: 'q*', regex: true }, 0],
    ['characters that are special in regular expressions', { text: '(a.b)' }, 1],
    ['a number as it is stored', { text: '1.0', wholeWord: true }, 1],
    ['a letter written as an escape', { text: 'é', matchCase: true }, 1],
    ['a tab that is stored as an escape', { text: '\t' }, 1],
  ])('finds %s', (_, query, count) => {
    const text = '{"type":"node_failed","node_id":"n","error":"timeout","more":["Timeout after","time","next\\nline","(a.b)",1.0,"caf\\u00e9","tab\\there"]}';
    const hits: Hit[] = [];
    new Search({ regex: false, matchCase: false, wholeWord: false, ...query }).chunk(chunkOf([{ sequence: 1, text }]), (hit) => hits.push(hit));
    expect(hits).toHaveLength(count);
  });

  it('reports what is wrong with a regular expression, and that the text must not be empty', () => {
    expect(searchProblem({ ...plain('(a'), regex: true })).toMatch(/Unterminated group/);
    expect(searchProblem(plain(''))).toBe('it is empty');
    expect(searchProblem(plain('(a'))).toBeUndefined();
  });
});

async function drain(parts: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of parts);
}

describe('a search of an execution', () => {
  const open = (text: string) => {
    const [first] = WORKED_EXAMPLE.executions;
    const { eventRows } = first as NonNullable<typeof first>;
    const [event] = eventRows;
    const rows = [...eventRows, { ...(event as NonNullable<typeof event>), sequence: eventRows.length + 1, text: JSON.stringify({ type: 'odd', text }) }];
    return OpenExecution.open(
      new MemorySource({ ...WORKED_EXAMPLE, executions: [{ ...(first as NonNullable<typeof first>), eventRows: rows }] }),
      (first as NonNullable<typeof first>).id,
    );
  };

  it('counts every hit, also those above the limit', async () => {
    const execution = await open('a needle, a Needle, another NEEDLE');
    let [hits, count, events] = [0, 0, 0];
    for await (const part of searchEvents(execution, { text: 'needle', regex: false, matchCase: false, wholeWord: false }, { maxHits: 2 })) {
      hits += part.hits.length;
      count += part.count;
      events += part.events;
    }
    expect({ hits, count, events }).toEqual({ hits: 2, count: 3, events: 1 });
  });

  it('stops an expression that does not terminate', async () => {
    const execution = await open(`${'a'.repeat(60)}!`);
    const parts = searchEvents(execution, { text: '^(a+)+$', regex: true, matchCase: true, wholeWord: false }, { timeout: 200 });
    await expect(drain(parts)).rejects.toMatchObject({ fault: { kind: 'timed-out' } });
  });

  it('ends when it is cancelled', async () => {
    const execution = await open('anything');
    const controller = new AbortController();
    controller.abort();
    await expect(drain(searchEvents(execution, plain('x'), {}, controller.signal))).rejects.toThrow('was cancelled');
  });
});
