import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, giveToLabUser, LabProcess } from './lab-process.ts';
import { listens, type PostgresLab } from './postgres-lab.ts';

/** Lines of pgbouncer.ini; see its manual. */
export type PgbouncerSettings = Readonly<Record<string, string | number>>;

/** Databases, and what stands behind their address: `pool_size=7`. */
export type DatabaseLines = Readonly<Record<string, string>>;

/** @see PgbouncerLab */
export interface PgbouncerLabOptions {
  postgres: Pick<PostgresLab, 'port' | 'socketFolder'>;
  /** Where it listens; default a free port. */
  port?: number | undefined;
  /** Over the lab's own. */
  settings?: PgbouncerSettings | undefined;
  /** Databases beside `app`. */
  databases?: DatabaseLines | undefined;
}

/** One by one they are what somebody would write; the two timeouts are shorter. */
const ownSettings: PgbouncerSettings = {
  listen_addr: '127.0.0.1',
  unix_socket_dir: '',
  auth_type: 'trust',
  admin_users: 'postgres',
  pool_mode: 'transaction',
  default_pool_size: 10,
  max_client_conn: 1_000,
  query_wait_timeout: 1,
  server_idle_timeout: 10,
  // After a failed login the next is tried so many seconds later; the default is 15.
  server_login_retry: 1,
};

/** What a client has to know where `auth_type` asks for it. */
export const labPassword = 'of the lab';

/**
 * A PgBouncer of its own before a PostgreSQL: database `app`, user and administrator `postgres`,
 * another user `guest`; nobody is asked for a password unless the settings say so.
 */
export class PgbouncerLab {
  readonly port: number;
  readonly process: LabProcess;
  readonly #options: PgbouncerLabOptions;
  readonly #folder: string;

  private constructor(parts: { port: number; folder: string; options: PgbouncerLabOptions }) {
    this.port = parts.port;
    this.#folder = parts.folder;
    this.#options = parts.options;
    const flags = [this.#file];
    this.process = new LabProcess({ program: 'pgbouncer', flags, endSignal: 'TERM' });
  }

  /** @throws Error with what PgBouncer said */
  static async start(options: PgbouncerLabOptions): Promise<PgbouncerLab> {
    const folder = await mkdtemp(join(tmpdir(), 'levitate-pgbouncer-'));
    giveToLabUser(folder);
    const lab = new PgbouncerLab({ port: options.port ?? (await freePort()), folder, options });
    try {
      await lab.restart();
    } catch (cause) {
      await lab.close();
      throw cause;
    }
    return lab;
  }

  /** End it, if it still runs, and start it anew. @param settings over those of before */
  async restart(settings: PgbouncerSettings = {}): Promise<void> {
    await this.process.kill();
    await this.#write(settings);
    await this.process.start(() => listens(this.port));
  }

  /** As an operator who has edited the file. It is taken over soon after. */
  async reload(settings: PgbouncerSettings, databases?: DatabaseLines): Promise<void> {
    await this.#write(settings, databases);
    this.process.signal('HUP');
  }

  async close(): Promise<void> {
    await this.process.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'pgbouncer.ini');
  }

  async #write(settings: PgbouncerSettings, more: DatabaseLines = {}): Promise<void> {
    const { postgres, databases } = this.#options;
    const server = `host=${postgres.socketFolder} port=${postgres.port} dbname=postgres`;
    const lines = (of: PgbouncerSettings) =>
      Object.entries(of).map(([key, value]) => `${key} = ${value}`);
    const behind = Object.entries({ app: '', ...databases, ...more }).map(
      ([name, words]) => `${name} = ${server} user=postgres ${words}`,
    );
    const users = join(this.#folder, 'userlist.txt');
    await writeFile(users, `"postgres" "${labPassword}"\n"guest" "${labPassword}"\n`);
    const place = { listen_port: this.port, auth_file: users };
    const own = { ...ownSettings, ...place, ...this.#options.settings, ...settings };
    const text = ['[databases]', ...behind, '[pgbouncer]', ...lines(own), ''].join('\n');
    await writeFile(this.#file, text);
    for (const file of [this.#file, users]) giveToLabUser(file);
  }
}
