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
 * The answer to a request; undefined until it arrives.
 *
 * @param params undefined to send no request.
 * @param keep whether to return the previous answer until the new one arrives. Only for parameters that are about the same thing.
 */
export function useAnswer<N extends PageRequestName>(name: N, params: Params<N> | undefined, options: { readonly keep?: boolean } = {}): Answer<N> | undefined {
  return useAnswerOrFault(name, params, options).answer;
}

/** As {@link useAnswer}, with the reason when there is no answer. */
export function useAnswerOrFault<N extends PageRequestName>(
  name: N,
  params: Params<N> | undefined,
  { keep = false }: { readonly keep?: boolean } = {},
): { readonly answer: Answer<N> | undefined; readonly fault: Fault | undefined } {
  const { client } = useApp();
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: [name, params],
    queryFn: ({ signal }) => answerOf(client, name, params as Params<N>, signal),
    enabled: params !== undefined,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  });
  return {
    answer: params === undefined && isPlaceholderData ? undefined : data,
    fault: error instanceof FaultRejection ? error.fault : undefined,
  };
}

/** The answers to several requests with one name; undefined until they arrive. */
export function useAnswers<N extends PageRequestName>(name: N, list: readonly Params<N>[]): readonly (Answer<N> | undefined)[] {
  const { client } = useApp();
  return useQueries({
    queries: list.map((params) => ({
      queryKey: [name, params],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => answerOf(client, name, params, signal),
    })),
  }).map(({ data }) => data);
}

/** The rows of a windowed list that have arrived, by index. */
export interface Pages<Row, Extra> {
  readonly total: number;
  /** Whether a page has arrived; only then does a total of 0 mean that there are no rows. */
  readonly loaded: boolean;
  /** The page that arrived last. */
  readonly newest: Extra | undefined;
  /** Set when rows on screen could not be read. */
  readonly fault: Fault | undefined;
  row(index: number): Row | undefined;
}

const PAGE = 100;

/**
 * The rows of a long list, requested in pages around those on screen.
 *
 * @param paramsOf the parameters of the request for a page; undefined to send no request.
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
  const pages = paramsOf === undefined ? [] : Array.from({ length: Math.floor(Math.max(0, last) / PAGE) - from + 1 }, (_, i) => from + i);
  const results = useQueries({
    queries: pages.map((page) => {
      const params = paramsOf?.(page * PAGE, PAGE);
      return {
        queryKey: [name, params],
        queryFn: ({ signal }: { readonly signal: AbortSignal }) => answerOf(client, name, params as Params<N>, signal),
      };
    }),
  });
  // A list keeps its length while its next rows are requested.
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
