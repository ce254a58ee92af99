import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CONTENT_SECURITY_POLICY, ORIGIN } from './security.ts';

/** Served path, such as `/index.html` → path of the file. */
export type Files = ReadonlyMap<string, string>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Serves these files by their exact names. */
export function appResponder(files: Files): (request: Pick<Request, 'url' | 'method'>) => Promise<Response> {
  return async ({ url, method }) => {
    if (method !== 'GET') return new Response(null, { status: 405 });
    const file = fileOf(url, files);
    if (file === undefined) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(await readFile(file)), {
      headers: {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    });
  };
}

function fileOf(url: string, files: Files): string | undefined {
  if (!url.startsWith(`${ORIGIN}/`) || /[%\\\0]|\.\./.test(url)) return undefined;
  const path = url.slice(ORIGIN.length).replace(/[?#].*$/, '');
  return files.get(path === '/' ? '/index.html' : path);
}
