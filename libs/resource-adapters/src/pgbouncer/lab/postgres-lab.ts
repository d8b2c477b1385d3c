import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, giveToLabUser, LabProcess, runLabProgram } from './lab-process.ts';

/** @see PostgresLab */
export interface PostgresLabOptions {
  /** `max_connections`; default 200. */
  connectionsMax?: number | undefined;
}

/**
 * A PostgreSQL of its own in a temporary folder, on a free loopback port, as an unprivileged user;
 * user `postgres`, database `postgres`, no password. Nothing is synced to the disk: what it holds
 * is thrown away with it.
 */
export class PostgresLab {
  readonly port: number;
  readonly #folder: string;
  readonly #process: LabProcess;

  private constructor(parts: { port: number; folder: string; process: LabProcess }) {
    this.port = parts.port;
    this.#folder = parts.folder;
    this.#process = parts.process;
  }

  /** @throws Error with what PostgreSQL said */
  static async start({ connectionsMax = 200 }: PostgresLabOptions = {}): Promise<PostgresLab> {
    const folder = await mkdtemp(join(tmpdir(), 'levitate-postgres-'));
    giveToLabUser(folder);
    const data = join(folder, 'data');
    const quick = ['--no-sync', '--no-instructions', '--locale=C', '--encoding=UTF8'];
    try {
      await runLabProgram('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', ...quick]);
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      throw cause;
    }
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      max_connections: connectionsMax,
      shared_buffers: '16MB',
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum: 'off',
      max_wal_senders: 0,
      wal_level: 'minimal',
    };
    const options = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    // As late as can be: another may take it before PostgreSQL does.
    const port = await freePort();
    const flags = ['-D', data, '-p', `${port}`, ...options];
    const process = new LabProcess({ program: 'postgres', flags, endSignal: 'QUIT' });
    const lab = new PostgresLab({ port, folder, process });
    try {
      await lab.start();
    } catch (cause) {
      await lab.close();
      throw cause;
    }
    return lab;
  }

  /** The folder of its Unix socket. */
  get socketFolder(): string {
    return this.#folder;
  }

  /** Again, after `crash`. */
  async start(): Promise<void> {
    // It listens before it serves; the last line of its lock file says when it does.
    const lockFile = join(this.#folder, 'data', 'postmaster.pid');
    await this.#process.start(async () => {
      const text = await readFile(lockFile, 'utf8').catch(() => '');
      return text.startsWith(`${this.#process.pid}\n`) && text.trimEnd().endsWith('ready');
    });
  }

  /** As a power cut would. */
  async crash(): Promise<void> {
    await this.#process.kill('QUIT');
  }

  async close(): Promise<void> {
    await this.crash();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Whether somebody takes connections there. */
export async function listens(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
