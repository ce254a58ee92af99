import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Params } from '../../core/contract/contract.ts';
import type { Fault } from '../../core/fault.ts';
import { type Answer, type Client, FaultRejection, type PageRequestName } from '../client.ts';
import { useApp } from './context.ts';

async function answerOf<N extends PageRequestName>(client: Client, name: N, params: Params<N>, signal: AbortSignal): Promise<Answer<N>> {
  const result = await client.ask(name, params, signal);
  if (!result.ok) throw new FaultRejection(result.fault);
  return result.value;
}

/**
 * The answer to a request.
 *
 * @param params undefined: nothing is asked, and there is no answer.
 * @param keep shows the answer to the question before until the new one is there: only where both are about the same.
 */
export function useAnswer<N extends PageRequestName>(name: N, params: Params<N> | undefined, { keep = false } = {}): Answer<N> | undefined {
  const { client } = useApp();
  const { data, isPlaceholderData } = useQuery({
    queryKey: [name, params],
    queryFn: ({ signal }) => answerOf(client, name, params as Params<N>, signal),
    enabled: params !== undefined,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  });
  return params === undefined && isPlaceholderData ? undefined : data;
}

/** The answers to several requests of one kind, as far as they have come. */
export function useAnswers<N extends PageRequestName>(name: N, list: readonly Params<N>[]): readonly (Answer<N> | undefined)[] {
  const { client } = useApp();
  return useQueries({
    queries: list.map((params) => ({
      queryKey: [name, params],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => answerOf(client, name, params, signal),
    })),
  }).map(({ data }) => data);
}

/** What a windowed list knows: rows by their index, as far as they have come. */
export interface Pages<Row, Extra> {
  readonly total: number;
  /** Something has come: a total of 0 means that there is nothing. */
  readonly loaded: boolean;
  /** What came with the newest page. */
  readonly newest: Extra | undefined;
  /** Why rows are missing that are on screen. */
  readonly fault: Fault | undefined;
  row(index: number): Row | undefined;
}

const PAGE = 100;

/**
 * Rows of a long list, read by pages around what is on screen.
 *
 * @param paramsOf the request for a page; undefined: nothing is asked.
 * @param first the first and
 * @param last the last row on screen.
 */
export function usePages<N extends PageRequestName, Row>(
  name: N,
  paramsOf: ((from: number, count: number) => Params<N>) | undefined,
  rowsOf: (answer: Answer<N>) => { readonly total: number; readonly rows: readonly Row[] },
  first: number,
  last: number,
): Pages<Row, Answer<N>> {
  const { client } = useApp();
  const from = Math.floor(Math.max(0, first) / PAGE);
  const pages = Array.from({ length: Math.floor(Math.max(0, last) / PAGE) - from + 1 }, (_, i) => from + i);
  const results = useQueries({
    queries: pages.map((page) => {
      const params = paramsOf?.(page * PAGE, PAGE);
      return {
        queryKey: [name, params],
        queryFn: ({ signal }: { readonly signal: AbortSignal }) => answerOf(client, name, params as Params<N>, signal),
        enabled: params !== undefined,
      };
    }),
  });
  // A list that is scrolled keeps its length while its next rows are on their way.
  const list = JSON.stringify([name, paramsOf?.(0, 0)]);
  const known = useRef<{ list: string; total: number | undefined; answer: Answer<N> | undefined }>({ list, total: undefined, answer: undefined });
  if (known.current.list !== list) known.current = { list, total: undefined, answer: undefined };
  const newest = results.filter(({ data }) => data !== undefined).sort((a, b) => b.dataUpdatedAt - a.dataUpdatedAt)[0]?.data;
  if (newest !== undefined) known.current = { list, total: rowsOf(newest).total, answer: newest };
  const failed = results.find(({ error }) => error instanceof FaultRejection)?.error as FaultRejection | undefined;
  return {
    total: known.current.total ?? 0,
    loaded: known.current.total !== undefined,
    newest: known.current.answer,
    fault: failed?.fault,
    row: (index) => {
      const answer = results[Math.floor(index / PAGE) - from]?.data;
      return answer === undefined ? undefined : rowsOf(answer).rows[index % PAGE];
    },
  };
}
