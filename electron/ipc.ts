import { type BrowserWindow, ipcMain } from 'electron';
import { type EngineRequestName, engineRequests, type MainHandlers, mainRequests, type Params } from '../core/contract.ts';
import type { Result } from '../core/fault.ts';
import type { EngineHost } from './engine-host.ts';
import { isTrustedFrame } from './security.ts';

/** So many requests may be under way at once; a page that asks for more is out of its mind. */
const MOST_IN_FLIGHT = 200;

/** The one door between the page and everything else (S13–S15): who asks, what is asked, and with which parameters. */
export function serveContract(handlers: MainHandlers, engine: EngineHost, window: () => BrowserWindow | undefined): void {
  let inFlight = 0;
  ipcMain.handle('ask', async (event, name: unknown, params: unknown): Promise<Result<unknown>> => {
    if (!isTrustedFrame(event.senderFrame, event.sender === window()?.webContents)) throw new Error('only the main page may ask');
    if (inFlight >= MOST_IN_FLIGHT) return refuse('too many requests are under way');
    inFlight++;
    try {
      return await answer(name, params, handlers, engine);
    } finally {
      inFlight--;
    }
  });
}

async function answer(name: unknown, params: unknown, handlers: MainHandlers, engine: EngineHost): Promise<Result<unknown>> {
  if (typeof name !== 'string') return refuse('a request needs a name');
  if (Object.hasOwn(engineRequests, name)) {
    const parsed = engineRequests[name as keyof typeof engineRequests].params.safeParse(params);
    if (!parsed.success) return refuse(`${name}: ${issueOf(parsed.error.issues)}`);
    return engine.ask(name as EngineRequestName, parsed.data as Params<EngineRequestName>);
  }
  if (Object.hasOwn(mainRequests, name)) {
    const parsed = mainRequests[name as keyof typeof mainRequests].params.safeParse(params);
    if (!parsed.success) return refuse(`${name}: ${issueOf(parsed.error.issues)}`);
    const handler = handlers[name as keyof MainHandlers] as (params: unknown) => Promise<Result<unknown>>;
    return handler(parsed.data);
  }
  return refuse(`there is no request of the name "${name.slice(0, 80)}"`);
}

function issueOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  const [issue] = issues;
  return `${issue?.path.join('.') || 'the parameters'}: ${issue?.message ?? 'not what is expected'}`;
}

function refuse(detail: string): Result<never> {
  return { ok: false, fault: { kind: 'bad-request', detail } };
}
