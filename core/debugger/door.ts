import { type EngineHandlers, type EngineRequestName, engineRequests, hostRequests } from '../contract.ts';
import { FaultError, type Result } from '../fault.ts';

const requests = { ...engineRequests, ...hostRequests };

/**
 * The one door of the engine: a request is answered when its name is known and its parameters fit, and every failure
 * comes back as a value. A mistake of ours is logged and answered, too; nothing waits for ever.
 */
export function openDoor(handlers: EngineHandlers): (name: string, params: unknown, signal: AbortSignal) => Promise<Result<unknown>> {
  return async (name, params, signal) => {
    if (!Object.hasOwn(requests, name)) return { ok: false, fault: { kind: 'bad-request', detail: `there is no request of the name "${name.slice(0, 80)}"` } };
    const known = name as EngineRequestName;
    const parsed = requests[known].params.safeParse(params);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return {
        ok: false,
        fault: { kind: 'bad-request', detail: `${name}: ${issue?.path.join('.') || 'the parameters'}: ${issue?.message ?? 'not what is expected'}` },
      };
    }
    try {
      const handler = handlers[known] as (params: unknown, signal: AbortSignal) => Promise<unknown>;
      return { ok: true, value: await handler(parsed.data, signal) };
    } catch (error) {
      if (error instanceof FaultError) return { ok: false, fault: error.fault };
      console.error(error);
      return { ok: false, fault: { kind: 'internal', detail: error instanceof Error ? error.message : String(error) } };
    }
  };
}
