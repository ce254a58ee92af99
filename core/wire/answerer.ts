import type { HandlersOf, Request } from '../contract/request.ts';
import { FaultError, type Result } from '../fault.ts';

/** Answers one request; every failure comes back as a value. */
export type Answerer = (name: string, params: unknown, signal: AbortSignal) => Promise<Result<unknown>>;

/**
 * The one place where requests are validated: one is answered when its name is in the table and its parameters fit the
 * schema. A mistake of ours is logged and answered, too, so that nobody waits for ever.
 */
export function answerer<Table extends Readonly<Record<string, Request>>>(requests: Table, handlers: HandlersOf<Table>): Answerer {
  return async (name, params, signal) => {
    if (typeof name !== 'string') return refused('a request needs a name');
    const request = Object.hasOwn(requests, name) ? requests[name] : undefined;
    if (request === undefined) return refused(`there is no request of the name "${name.slice(0, 80)}"`);
    const parsed = request.params.safeParse(params);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refused(`${name}: ${issue?.path.join('.') || 'the parameters'}: ${issue?.message ?? 'not what is expected'}`);
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
