import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The header in which a request says its work, in mean services; without it 1. */
export const workHeader = 'x-work';
/** Requests that one server holds; more are turned away at once. */
const waitingMax = 4_096;

/** @see LabServer */
export interface LabServerOptions {
  /** Mean services a second at full speed. */
  ratePerSecond: number;
  /** A request that has waited longer when its turn comes is turned away, ms; default 1,000. */
  patienceMs?: number | undefined;
}

interface Waiting {
  arrivedMs: number;
  work: number;
  response: ServerResponse;
}

/**
 * A real HTTP server on loopback that serves one request after the other at a set rate, and can be
 * slowed down while it does: also in the middle of a service. `GET /health` is answered at once.
 */
export class LabServer {
  readonly ratePerSecond: number;
  readonly #patienceMs: number;
  readonly #server: Server;
  readonly #line: Waiting[] = [];
  #speed = 1;
  #timer: NodeJS.Timeout | undefined;
  /** Work left of the request in service, in mean services, as of `#sinceMs`. */
  #left = 0;
  #sinceMs = 0;
  /** When the request in service should end. */
  #freeMs = 0;

  private constructor({ ratePerSecond, patienceMs = 1_000 }: LabServerOptions) {
    this.ratePerSecond = ratePerSecond;
    this.#patienceMs = patienceMs;
    this.#server = createServer((request, response) => this.#take(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  /** Listens once it resolves. */
  static async start(options: LabServerOptions): Promise<LabServer> {
    const server = new LabServer(options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Share of its full speed, above 0. */
  set speed(speed: number) {
    this.#progress();
    this.#speed = speed;
    if (this.#timer !== undefined) this.#schedule();
  }

  /** It is gone, as a process that was killed. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#line.length = 0;
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (request.url === '/health') response.end();
    else if (this.#line.length >= waitingMax) turnAway(response);
    else this.#queue(request, response);
  }

  #queue(request: IncomingMessage, response: ServerResponse): void {
    const given = Number(request.headers[workHeader] ?? 1);
    const work = given >= 0 && given < 1_000 ? given : 1;
    this.#line.push({ arrivedMs: performance.now(), work, response });
    if (this.#timer === undefined) this.#next();
  }

  /** Serve whoever is first and still there. */
  #next(): void {
    this.#timer = undefined;
    for (let first = this.#line[0]; first !== undefined; first = this.#line[0]) {
      // Timers are late, by a share of a service that would add up: the next service starts when
      // this one should have ended.
      const startMs = Math.max(this.#freeMs, first.arrivedMs);
      if (!first.response.destroyed && startMs - first.arrivedMs <= this.#patienceMs) {
        this.#left = first.work;
        this.#sinceMs = startMs;
        this.#schedule();
        return;
      }
      this.#line.shift();
      turnAway(first.response);
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#freeMs = this.#sinceMs + (this.#left * 1_000) / (this.ratePerSecond * this.#speed);
    const ms = Math.max(0, Math.round(this.#freeMs - performance.now()));
    this.#timer = setTimeout(() => {
      this.#line.shift()?.response.end();
      this.#next();
    }, ms);
  }

  #progress(): void {
    const nowMs = performance.now();
    const done = ((nowMs - this.#sinceMs) * this.ratePerSecond * this.#speed) / 1_000;
    this.#left = Math.max(0, this.#left - done);
    this.#sinceMs = nowMs;
  }
}

function turnAway(response: ServerResponse): void {
  response.statusCode = 503;
  response.end();
}
