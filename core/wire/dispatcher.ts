import type { HandlersOf, Request } from '../contract/request.ts';
import { FaultError, type Result } from '../fault.ts';

/** Characters of a refused request that its answer repeats. */
const MAX_DETAIL = 200;

/** Answers one request. It never rejects: every failure is a Fault. */
export type Dispatch = (name: string, params: unknown, signal: AbortSignal) => Promise<Result<unknown>>;

/**
 * Validates requests and calls their handlers. A request is refused when its name is not in the table or its parameters do
 * not match the schema. An unexpected error is logged and answered as the Fault `internal`, so that every request gets an
 * answer.
 */
export function dispatcher<Table extends Readonly<Record<string, Request>>>(requests: Table, handlers: HandlersOf<Table>): Dispatch {
  return async (name, params, signal) => {
    if (typeof name !== 'string') return refused('a request needs a name');
    const request = Object.hasOwn(requests, name) ? requests[name] : undefined;
    if (request === undefined) return refused(`there is no request "${name.slice(0, 80)}"`);
    const parsed = request.params.safeParse(params);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue?.path.join('.') || 'the parameters';
      return refused(`${name}: ${where.slice(0, MAX_DETAIL)}: ${(issue?.message ?? 'unexpected').slice(0, MAX_DETAIL)}`);
    }
    try {
      return { ok: true, value: await (handlers[name] as (params: unknown, signal: AbortSignal) => Promise<unknown>)(parsed.data, signal) };
    } catch (error) {
      if (error instanceof FaultError) return { ok: false, fault: error.fault };
      if (signal.aborted) return { ok: false, fault: { kind: 'cancelled' } };
      console.error(error);
      return { ok: false, fault: { kind: 'internal', detail: error instanceof Error ? error.message : String(error) } };
    }
  };
}

export function refused(detail: string): Result<never> {
  return { ok: false, fault: { kind: 'bad-request', detail } };
}
