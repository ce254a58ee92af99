import { once } from 'node:events';
import { fromPlain, type Plain } from '../json/plain.ts';
import { printJson } from '../json/print.ts';
import type { Json } from '../json/value.ts';
import { visible } from '../visible.ts';

/** Writes data to stdout and waits while the reader is slow. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Text for a person: on a terminal, what would act on it is escaped, which in JSON means the same. */
export async function writeForReading(text: string): Promise<void> {
  await write(process.stdout.isTTY ? text.split('\n').map(visible).join('\n') : text);
}

/** Writes one JSON value, indented or on one line. @param options States are `sorted`, as the runtime prints them. */
export async function writeValue(value: Json, { compact = false, sorted = false }: { compact?: boolean | undefined; sorted?: boolean }): Promise<void> {
  await writeForReading(`${printJson(value, { pretty: !compact, sorted })}\n`);
}

/** Writes the items of an array as {@link writeValue} writes the array, without ever having all of them. */
export async function writeArray(items: AsyncIterable<Plain>, { compact = false }: { compact?: boolean | undefined }): Promise<void> {
  const [separator, end] = compact ? [',', ']'] : [',\n  ', '\n]'];
  let count = 0;
  for await (const item of items) {
    const text = printJson(fromPlain(item), { pretty: !compact });
    await writeForReading((count++ === 0 ? (compact ? '[' : '[\n  ') : separator) + (compact ? text : text.replaceAll('\n', '\n  ')));
  }
  await write(`${count === 0 ? '[]' : end}\n`);
}

/** Writes a message, which is not data, to stderr. It is one line, and names in it cannot control the terminal. */
export function say(text: string): void {
  process.stderr.write(`${visible(text)}\n`);
}

/** Says that a moment that was asked for is behind the end of the log, where the last one is shown instead. */
export function sayIfBeyond(asked: number, last: number): void {
  if (asked > last) say(`The log ends at event ${last}; there is no event ${asked}.`);
}
