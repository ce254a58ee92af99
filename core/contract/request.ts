import type { z } from 'zod';

/** One request of the contract: the schema that guards its parameters, and the type of its answer. */
export interface Request<P extends z.ZodType = z.ZodType, A = unknown> {
  readonly params: P;
  /** Never there: it carries the type. */
  readonly answer?: A;
}

/** `request(schema)<Answer>()`. */
export function request<P extends z.ZodType>(params: P) {
  return <A>(): Request<P, A> => ({ params });
}

/** What a request takes once it has been validated. */
export type ParamsOf<R extends Request> = z.output<R['params']>;
/** What a request is answered with. */
export type AnswerOf<R extends Request> = R extends Request<z.ZodType, infer A> ? A : never;

/** What the requests of a table are answered by: one function each. */
export type HandlersOf<Table extends Readonly<Record<string, Request>>> = {
  readonly [N in keyof Table]: (params: ParamsOf<Table[N]>, signal: AbortSignal) => Promise<AnswerOf<Table[N]>>;
};
