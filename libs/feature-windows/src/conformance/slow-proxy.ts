import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a socket on which everything takes its time. */
export interface SlowProxy {
  /** Path of the socket to use instead. */
  url: string;
  /** How long an answer is under way from now on, milliseconds. */
  delayMs: number;
  stop(): Promise<void>;
}

/** Stands before the server at `target`; at first it adds nothing. */
export async function startSlowProxy(target: string): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const proxy = {
    url: `${target}.slow`,
    delayMs: 0,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((near) => {
    const far = connect(target);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.on('data', (bytes) => void far.write(bytes));
    far.on('data', (bytes) => {
      if (proxy.delayMs === 0) near.write(bytes);
      else setTimeout(() => near.write(bytes), proxy.delayMs);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  server.listen(proxy.url);
  await once(server, 'listening');
  return proxy;
}
