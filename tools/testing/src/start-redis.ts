import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { realRedis } from './real-components.ts';

/** A Redis of the test's own, on a socket in a folder of its own; nothing of it stays. */
export interface RedisForTest {
  /** Path of the socket. */
  url: string;
  /** Kills it as a crash would; what it held is gone, unless it is append-only. */
  crash(): Promise<void>;
  /** Holds it up, or lets it go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  start(): Promise<void>;
  /** A client for looking into it. */
  client(): Redis;
  stop(): Promise<void>;
}

/** Starts one. @param isAppendOnly whether it has what it held after a crash */
export async function startRedis({ isAppendOnly = false } = {}): Promise<RedisForTest> {
  const directory = await mkdtemp(join(tmpdir(), 'levitate-redis-'));
  const url = join(directory, 'redis.sock');
  const clients: Redis[] = [];
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const flags = ['--port', '0', '--unixsocket', url, '--save', '', '--dir', directory];
    if (isAppendOnly) flags.push('--appendonly', 'yes');
    server = spawn(realRedis.path, flags, { stdio: 'ignore' });
    await answers(url);
  };
  const crash = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  };
  await start();
  return {
    url,
    start,
    crash,
    signal: (name) => void server?.kill(name),
    client() {
      const client = new Redis(url, { protocol: 2 });
      client.on('error', () => {});
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.disconnect();
      await crash();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  while (performance.now() < deadlineMs) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: null, protocol: 2 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.ping();
      return;
    } catch {
      await delay(20);
    } finally {
      client.disconnect();
    }
  }
  throw new Error('redis-server did not answer within 10 s');
}
