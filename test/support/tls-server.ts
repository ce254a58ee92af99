import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { serverUrl } from './postgres.ts';
import { temporaryFolder } from './temp.ts';

/** A server on loopback, and what clients have said to it. */
export interface Front {
  readonly port: number;
  readonly seen: () => string;
}

/** A proxy before a port. @param accept is given each connection, and its number from 1 on. */
export async function front(accept: (client: Socket, number: number) => void): Promise<number> {
  const sockets = new Set<Socket>();
  let number = 0;
  const proxy = createServer((client) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    accept(client, ++number);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  return (proxy.address() as AddressInfo).port;
}

/** Passes everything on to the shared Postgres server, until `cut` bytes have been answered. */
export function passOn(client: Socket, cut = Number.POSITIVE_INFINITY): void {
  const server = connect(Number(new URL(serverUrl()).port), '127.0.0.1');
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => one.destroy());
    one.on('close', () => other.destroy());
  }
  client.pipe(server);
  let left = cut;
  server.on('data', (data) => {
    client.write(data.subarray(0, left));
    left -= data.length;
    if (left <= 0) client.end(() => client.destroy());
  });
}

/**
 * A server before the real one that speaks TLS, with a certificate for `name`.
 *
 * @param days when the certificate begins and ends to be valid, in days from now.
 * @returns its port, and the file of the authority.
 */
export async function behindTls(name: string, [from, to]: readonly [number, number] = [-1, 2]): Promise<Front & { readonly authority: string }> {
  const folder = temporaryFolder();
  const [key, request, certificate, settings] = ['key.pem', 'request.pem', 'certificate.pem', 'ca.cnf'].map((file) => join(folder, file)) as [
    string,
    string,
    string,
    string,
  ];
  writeFileSync(join(folder, 'index'), '');
  writeFileSync(
    settings,
    `[ca]\ndefault_ca=own\n[own]\nnew_certs_dir=${folder}\ndatabase=${join(folder, 'index')}\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nx509_extensions=names
[any]\ncommonName=supplied\n[names]\nsubjectAltName=DNS:${name}\nbasicConstraints=CA:true\n`,
  );
  const date = (days: number): string => `${new Date(Date.now() + days * 86_400_000).toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`;
  for (const args of [
    ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}`, '-keyout', key, '-out', request],
    [
      ...['ca', '-selfsign', '-batch', '-notext', '-config', settings, '-keyfile', key, '-in', request, '-out', certificate],
      ...['-startdate', date(from), '-enddate', date(to)],
    ],
  ]) {
    const made = spawnSync('openssl', args, { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  }
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(certificate) });
  const target = Number(new URL(serverUrl()).port);
  let seen = '';
  const port = await front((client) => {
    client.once('data', () => {
      client.write('S');
      const inside = new TLSSocket(client, { isServer: true, secureContext });
      const server = connect(target, '127.0.0.1');
      for (const socket of [inside, server]) socket.on('error', () => socket.destroy());
      inside.on('data', (data) => {
        seen += data.toString('latin1');
      });
      inside.pipe(server).pipe(inside);
    });
  });
  return { port, authority: certificate, seen: () => seen };
}
