import { once } from 'node:events';
import { printJson } from '../json/print.ts';
import type { Json } from '../json/value.ts';
import { visible } from '../json/visible.ts';

/** Writes data to stdout and waits while the reader is slow. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Writes one JSON value, indented or on one line. @param options States are `sorted`, as the runtime prints them. */
export async function writeValue(value: Json, { compact = false, sorted = false }: { compact?: boolean | undefined; sorted?: boolean }): Promise<void> {
  await write(`${printJson(value, { pretty: !compact, sorted })}\n`);
}

/** Writes a message, which is not data, to stderr. It is one line, and names in it cannot control the terminal. */
export function say(text: string): void {
  process.stderr.write(`${visible(text)}\n`);
}
