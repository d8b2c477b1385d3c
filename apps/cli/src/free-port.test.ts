import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { isPortFree, nextFreePort } from './free-port.ts';

it('a port that somebody has is passed over, and so is one that is spoken for', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    expect(await isPortFree(port)).toBe(false);
    const next = await nextFreePort(port, new Set());
    expect(next).toBeGreaterThan(port);
    expect(await nextFreePort(port, new Set([next]))).toBeGreaterThan(next);
  } finally {
    server.close();
  }
});

it('when there is none left, that is told with the number tried', async () => {
  await expect(nextFreePort(70_000, new Set())).rejects.toThrow('none of the 200 ports from 70000');
});
