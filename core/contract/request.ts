import type { z } from 'zod';

/** One request of the contract: the schema that guards its parameters, and the type of its answer. */
export interface Request<P extends z.ZodType = z.ZodType, A = unknown> {
  readonly params: P;
  /** Never set: it only carries the type. */
  readonly answer?: A;
}

/** `request(schema)<Answer>()`. */
export function request<P extends z.ZodType>(params: P) {
  return <A>(): Request<P, A> => ({ params });
}

/** The parameters of a request after validation. */
export type ParamsOf<R extends Request> = z.output<R['params']>;
/** The answer to a request. */
export type AnswerOf<R extends Request> = R extends Request<z.ZodType, infer A> ? A : never;

/** One function for each request of a table. */
export type HandlersOf<Table extends Readonly<Record<string, Request>>> = {
  readonly [N in keyof Table]: (params: ParamsOf<Table[N]>, signal: AbortSignal) => Promise<AnswerOf<Table[N]>>;
};
