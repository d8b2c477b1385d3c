import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What somebody posted. */
export interface Posted {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** An HTTP server on a free loopback port that keeps what is posted to it. */
export class WebhookServer implements AsyncDisposable {
  readonly posted: Posted[] = [];
  /** How it answers; 200 and `ok`, as Slack does, unless a test says otherwise. */
  answer: (response: ServerResponse) => void = (response) => response.end('ok');
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      const { url: path = '', headers } = request;
      this.posted.push({ path, headers, body: JSON.parse(text) });
      this.answer(response);
    });
  }

  static async start(): Promise<WebhookServer> {
    const server = new WebhookServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Frees the port; who posts afterwards finds nobody. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
