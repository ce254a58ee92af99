import { type AddressInfo, connect, createServer } from 'node:net';

/** A proxy in front of a server on this machine that counts the turns: how often the client speaks after the server did. */
export async function turnCounter(server: string): Promise<{ readonly url: string; turns: number; stop(): void }> {
  const { port } = new URL(server);
  const counter = { url: '', turns: 0, stop: (): void => {} };
  const proxy = createServer((client) => {
    const upstream = connect(Number(port), '127.0.0.1');
    let hasAnswered = true;
    client.on('data', () => {
      if (hasAnswered) counter.turns++;
      hasAnswered = false;
    });
    upstream.on('data', () => {
      hasAnswered = true;
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(server);
  url.port = String((proxy.address() as AddressInfo).port);
  return Object.assign(counter, { url: url.href, stop: () => void proxy.close() });
}
