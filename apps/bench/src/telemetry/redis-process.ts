import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time it has until it answers, milliseconds. */
const START_TIMEOUT_MS = 10_000;

/** A Redis of the bench's own, on a socket, without persistence: what it held dies with it. */
export class RedisProcess {
  /** Path of its socket. */
  readonly url: string;
  readonly #directory: string;
  readonly #processor: number;
  #server: ChildProcess | undefined;

  /** Not started yet. @param processor it runs on */
  constructor(directory: string, processor: number) {
    this.url = join(directory, 'redis.sock');
    this.#directory = directory;
    this.#processor = processor;
  }

  /** Whether there is a redis-server to start, else what to do about it. */
  static missing(): string | undefined {
    const { error } = spawnSync('redis-server', ['--version'], { stdio: 'ignore' });
    return error === undefined ? undefined : 'needs redis-server; on Debian: apt-get install it';
  }

  /** @throws Error when it does not answer within 10 s */
  async start(): Promise<void> {
    const flags = ['--port', '0', '--unixsocket', this.url, '--save', '', '--dir', this.#directory];
    const pinned = ['-c', String(this.#processor), 'redis-server', ...flags];
    this.#server = spawn('taskset', pinned, { stdio: 'ignore' });
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (!(await this.#answers())) {
      if (performance.now() > deadlineMs) throw new Error('redis-server did not answer in 10 s');
      await sleep(20);
    }
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  get pid(): number {
    return this.#server?.pid ?? 0;
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = createConnection(this.url, () => socket.write('PING\r\n'));
      const over = (isUp: boolean): void => {
        socket.destroy();
        resolve(isUp);
      };
      socket.once('data', (bytes) => over(bytes.toString().startsWith('+PONG')));
      socket.once('error', () => over(false));
    });
  }
}
