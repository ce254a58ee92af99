import { once } from 'node:events';
import { printJson } from '../json/print.ts';
import type { Json } from '../json/value.ts';

/** Writes data to stdout and waits while the reader is slow. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** One JSON value: indented for a person, on one line with `--json`. States are `sorted`, as the runtime prints them. */
export async function writeValue(value: Json, { compact = false, sorted = false }: { compact?: boolean | undefined; sorted?: boolean }): Promise<void> {
  await write(`${printJson(value, { pretty: !compact, sorted })}\n`);
}

/** Everything that is not data. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
