import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { HaproxyAddress } from '../haproxy-address.ts';

/** What a proxy may make of one exchange; either may be changed. */
export interface Tampering {
  /** What HAProxy is asked; undefined: nothing. */
  line?: (line: string) => string | undefined;
  /** The answer to what HAProxy is not asked; default none. */
  silence?: (line: string) => string;
  answer?: (answer: string, line: string) => string;
}

/** Stands between a client and HAProxy's runtime API, and tampers with what passes. */
export class ApiProxy {
  tampering: Tampering = {};
  readonly address: { path: string };
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(path: string, target: HaproxyAddress) {
    this.address = { path };
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#open.add(client);
      client.on('error', () => client.destroy());
      client.on('close', () => this.#open.delete(client));
      client.once('data', (chunk: Buffer) => this.#pass(client, { chunk, target }));
    });
  }

  /** @param path of the socket on which it listens */
  static async start(path: string, target: HaproxyAddress): Promise<ApiProxy> {
    const proxy = new ApiProxy(path, target);
    proxy.#server.listen(path);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #pass(client: Socket, { chunk, target }: { chunk: Buffer; target: HaproxyAddress }): void {
    const { line = (text) => text, answer = (text) => text, silence } = this.tampering;
    const asked = chunk.toString();
    const passed = line(asked);
    if (passed === undefined) {
      if (silence !== undefined) client.end(silence(asked));
      return;
    }
    const haproxy = createConnection(target);
    let said = '';
    haproxy.on('error', () => client.destroy());
    haproxy.on('connect', () => haproxy.write(passed));
    haproxy.on('data', (bytes: Buffer) => {
      said += bytes;
    });
    haproxy.on('end', () => client.end(answer(said, asked)));
  }
}
