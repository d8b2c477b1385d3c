import { createServer } from 'node:net';

const triesMax = 200;

/** @returns whether nobody listens on a port of 127.0.0.1 at this moment. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}

/**
 * The first free port from `wanted` on that is not in `taken`.
 * @throws RangeError when 200 ports in a row are taken
 */
export async function nextFreePort(wanted: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = wanted; port < wanted + triesMax && port <= 65_535; port += 1) {
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new RangeError(`none of the ${triesMax} ports from ${wanted} on is free`);
}
