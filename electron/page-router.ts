import { pageRequests } from '../core/contract/contract.ts';
import { type Host, hostRequests } from '../core/contract/host.ts';
import { type Dispatch, dispatcher, refused } from '../core/wire/dispatcher.ts';

/**
 * Routes the requests of a page to its host or to the engine. Requests that only a host may send to the engine are refused.
 * Each request is validated once, where it is answered.
 */
export function pageDispatcher(host: Host, engine: Dispatch): Dispatch {
  const own = dispatcher(hostRequests, host);
  return async (name, params, signal) => {
    if (typeof name === 'string' && Object.hasOwn(hostRequests, name)) return own(name, params, signal);
    if (typeof name === 'string' && Object.hasOwn(pageRequests, name)) return engine(name, params, signal);
    return refused(`there is no request "${String(name).slice(0, 80)}"`);
  };
}
