import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Params } from '../../core/contract.ts';
import type { Fault } from '../../core/fault.ts';
import type { AppStart, OpenSource, Progress, RecentSource } from '../../core/replies.ts';
import { ask, askDrop } from '../client.ts';
import { closeExecution, openExecution, reopenExecution } from './cursor.ts';

type Theme = AppStart['theme'];

export interface ListState {
  readonly status: string | undefined;
  readonly workflow: string | undefined;
  readonly text: string;
  readonly sort: Params<'executions.page'>['sort'];
  readonly descending: boolean;
  /** The row that is selected. */
  readonly selected: number;
}

const WHOLE_LIST: ListState = { status: undefined, workflow: undefined, text: '', sort: 'started', descending: true, selected: 0 };

/** What is open as a whole, and what a person chose for the window. */
export interface AppState {
  readonly started: boolean;
  readonly source: OpenSource | undefined;
  /** Which screen is shown; an execution stays open behind the list. */
  readonly screen: 'welcome' | 'executions' | 'execution';
  readonly recent: readonly RecentSource[];
  readonly theme: Theme;
  /** What the theme comes to on this system now: drawings read their colours again when it changes. */
  readonly dark: boolean;
  readonly layout: AppStart['layout'];
  readonly commands: AppStart['commands'];
  readonly platform: string;
  readonly version: string;
  /** What failed last, until it is dismissed. */
  readonly fault: Fault | undefined;
  readonly busy: string | undefined;
  /** How far a long export has come. */
  readonly exporting: Progress | undefined;
  /** A short word about something that worked. */
  readonly notice: string | undefined;
  /** What the list of executions shows; it is as it was when one comes back to it. */
  readonly list: ListState;
  readonly dialog: 'export' | 'palette' | 'keys' | 'go' | undefined;
}

export const app = createStore<AppState>(() => ({
  started: false,
  source: undefined,
  screen: 'welcome',
  recent: [],
  theme: 'system',
  dark: true,
  layout: {},
  commands: [],
  platform: '',
  version: '',
  fault: undefined,
  busy: undefined,
  exporting: undefined,
  notice: undefined,
  list: WHOLE_LIST,
  dialog: undefined,
}));

export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(app, select);
}

export function showStart(start: AppStart): void {
  const { recent, theme, layout, commands, platform, version, fault } = start;
  app.setState({ started: true, recent, theme, layout, commands, platform, version, fault: fault ?? undefined });
  applyTheme(theme);
  if (start.source !== null) showSource(start.source);
}

export function showSource(source: OpenSource): void {
  wishes++;
  closeExecution();
  const sameSource = app.getState().source?.location === source.location;
  app.setState({ source, screen: 'executions', fault: undefined, dialog: undefined, ...(sameSource ? {} : { list: WHOLE_LIST }) });
  if (source.place !== null) void enterExecution(source.place.execution, source.place.sequence ?? undefined);
}

/** The engine was started again and has opened the same source. */
export async function resume(source: OpenSource): Promise<void> {
  app.setState({ source });
  await reopenExecution();
  notice('The reading process stopped and was started again; you are where you were.');
}

async function opening(what: string, answer: Promise<{ ok: true; value: OpenSource | null } | { ok: false; fault: Fault }>): Promise<void> {
  app.setState({ busy: what, fault: undefined });
  const result = await answer;
  app.setState({ busy: undefined });
  if (!result.ok) app.setState({ fault: result.fault });
  else if (result.value !== null) showSource(result.value);
}

export const chooseSource = (): Promise<void> => opening('Opening…', ask('source.choose', {}));
export const openSample = (): Promise<void> => opening('Opening the sample…', ask('source.sample', {}));
export const openRecent = (path: string): Promise<void> => opening('Opening…', ask('source.recent', { path }));
export const openDropped = (file: File): Promise<void> => opening(`Opening ${file.name}…`, askDrop(file));

/** The same file once more: what a writer has added since is there then. */
export const readAgain = (): Promise<void> => opening('Reading again…', ask('source.again', {}));

export async function forgetRecent(path: string): Promise<void> {
  const recent = await ask('source.forget', { path });
  if (recent.ok) app.setState({ recent: recent.value });
}

export async function closeSource(): Promise<void> {
  wishes++;
  closeExecution();
  await ask('source.close', {});
  const start = await ask('app.start', {});
  app.setState({ source: undefined, screen: 'welcome', ...(start.ok ? { recent: start.value.recent } : {}) });
}

/** Grows with each wish to be somewhere: what was on its way to another place does not arrive any more. */
let wishes = 0;

/** Goes to an execution, at its end or at a place in it. */
export async function enterExecution(id: string, sequence?: number): Promise<void> {
  const wish = ++wishes;
  const fault = await openExecution(id, sequence);
  if (wish !== wishes) return;
  if (fault !== undefined) app.setState({ fault });
  else app.setState({ screen: 'execution', fault: undefined });
}

export function showExecutions(): void {
  wishes++;
  if (app.getState().source !== undefined) app.setState({ screen: 'executions' });
}

/** Another question to the list starts at its top. */
export function askList(question: Partial<Omit<ListState, 'selected'>>): void {
  app.setState({ list: { ...app.getState().list, ...question, selected: 0 } });
}

export function selectInList(selected: number): void {
  app.setState({ list: { ...app.getState().list, selected } });
}

export function setTheme(theme: Theme): void {
  app.setState({ theme });
  applyTheme(theme);
  void ask('settings.set', { theme });
}

function applyTheme(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  app.setState({ dark });
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => applyTheme(app.getState().theme));

export function keepLayout(name: string, sizes: readonly number[]): void {
  app.setState({ layout: { ...app.getState().layout, [name]: sizes } });
  void ask('settings.set', { layout: { [name]: [...sizes] } });
}

let noticeTimer: ReturnType<typeof setTimeout> | undefined;

export function notice(text: string): void {
  clearTimeout(noticeTimer);
  app.setState({ notice: text });
  noticeTimer = setTimeout(() => app.setState({ notice: undefined }), 4000);
}

export function showFault(fault: Fault): void {
  app.setState({ fault });
}

export async function copyText(text: string, what: string): Promise<void> {
  const result = await ask('clipboard.write', { text });
  if (result.ok) notice(`${what} copied`);
  else showFault(result.fault);
}
