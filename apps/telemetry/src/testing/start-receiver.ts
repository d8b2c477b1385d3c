import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterTest } from './start-for-test.ts';

/** One request that got here. */
export interface ReceivedWrite {
  url: string;
  headers: IncomingHttpHeaders;
  lines: string[];
}

/** What it answers to the next requests. */
export interface ReceiverAnswer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

/** Stands for an InfluxDB 2.x write endpoint, which no package of the reference system brings. */
export async function startReceiver(
  answer: (write: ReceivedWrite) => ReceiverAnswer = () => ({ status: 204 }),
) {
  const writes: ReceivedWrite[] = [];
  let judge = answer;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw = Buffer.concat(parts);
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const lines = plain.toString().trimEnd().split('\n');
    const write = { url: request.url ?? '', headers: request.headers, lines };
    const { status, body = '', headers = {} } = judge(write);
    if (status === 204) writes.push(write);
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  afterTest(() => server.closeAllConnections());
  afterTest(() => server.close());
  return {
    url: `http://127.0.0.1:${port}`,
    /** Those that were taken. */
    writes,
    lines: () => writes.flatMap((write) => write.lines),
    answer(next: typeof answer) {
      judge = next;
    },
  };
}
