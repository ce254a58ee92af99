import { pageRequests } from '../core/contract/contract.ts';
import { type Host, hostRequests } from '../core/contract/host.ts';
import { type Answerer, answerer, refused } from '../core/wire/answerer.ts';

/**
 * Who answers what a page asks: its host, or the engine. What only a host may ask of the engine is not among it. Each
 * request is validated once, by the one who answers it.
 */
export function pageAnswerer(host: Host, engine: Answerer): Answerer {
  const own = answerer(hostRequests, host);
  return async (name, params, signal) => {
    if (typeof name === 'string' && Object.hasOwn(hostRequests, name)) return own(name, params, signal);
    if (typeof name === 'string' && Object.hasOwn(pageRequests, name)) return engine(name, params, signal);
    return refused(`there is no request of the name "${String(name).slice(0, 80)}"`);
  };
}
