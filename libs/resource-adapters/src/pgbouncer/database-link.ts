import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { Client } from 'pg';
import { connectionFault } from './connection-faults.ts';
import { PgbouncerError } from './pgbouncer-error.ts';

/** A row as it stands on the wire: every value is text, or null. */
export type TextRow = Readonly<Record<string, string | null>>;

/** Where to connect to, and as whom. */
export interface LinkAddress {
  /** Name or address, or the folder of its Unix socket when it begins with `/`. */
  host: string;
  port: number;
  user: string;
  database: string;
  /** First line is the password; default: none is given. */
  passwordFile?: string | undefined;
}

/** An answer longer than this is none of a console; 20,000 clients are 4 MB. */
const answerBytesMax = 8 * 1024 * 1024;
const passwordBytesMax = 4096;

/**
 * One connection of PostgreSQL's protocol, simple queries only (the console knows no others), one
 * at a time. Whoever hangs or talks too much is cut off: the socket is ours, not the package's.
 */
export class DatabaseLink {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #what: string;
  #isOpen = true;
  #answerBytes = 0;

  private constructor(parts: { client: Client; socket: Socket; what: string }) {
    this.#client = parts.client;
    this.#socket = parts.socket;
    this.#what = parts.what;
    this.#client.on('error', () => {});
    this.#socket.once('close', () => {
      this.#isOpen = false;
    });
    this.#socket.on('data', (bytes: Buffer) => {
      this.#answerBytes += bytes.length;
      if (this.#answerBytes > answerBytesMax) this.#socket.destroy(tooLong(this.#what));
    });
  }

  /** @throws {PgbouncerError} unreachable, refused, late, lost, bad-answer, bad-option */
  static async open(address: LinkAddress, signal: AbortSignal): Promise<DatabaseLink> {
    const { host, port, user, database } = address;
    const what = `connecting to ${database} of PgBouncer at ${host}:${port} as ${user}`;
    const password = await passwordOf(address.passwordFile);
    const socket = new Socket();
    const stream = () => socket;
    // Nothing of the environment (PGOPTIONS, PGSSLMODE) and no ~/.pgpass takes part.
    const own = { options: '', ssl: false, password: () => password, stream, types: asText };
    const client = new Client({ host, port, user, database, ...own });
    const link = new DatabaseLink({ client, socket, what: `PgBouncer at ${host}:${port}` });
    await link.#within(signal, { what, phase: 'connect' }, () => client.connect());
    return link;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws {PgbouncerError} late, lost, bad-answer, rejected-command */
  async query(command: string, signal: AbortSignal): Promise<readonly TextRow[]> {
    this.#answerBytes = 0;
    const doing = { what: `${command} on ${this.#what}`, phase: 'command' } as const;
    const result = await this.#within(signal, doing, () => this.#client.query<TextRow>(command));
    return result.rows;
  }

  close(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }

  async #within<Result>(
    signal: AbortSignal,
    doing: { what: string; phase: 'connect' | 'command' },
    work: () => Promise<Result>,
  ): Promise<Result> {
    if (signal.aborted) throw late(doing.what, signal.reason);
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(late(doing.what, signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([aborted.promise, work()]);
    } catch (cause) {
      const fault = connectionFault(cause, doing);
      // After a refused command the connection is as good as before; after all else it is not.
      if (fault.code !== 'rejected-command') this.close();
      throw fault;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}

const asText = { getTypeParser: () => (text: string) => text };

function late(what: string, cause: unknown): PgbouncerError {
  const why = 'no answer before the deadline';
  const next = 'see whether it hangs or is overloaded; the next command connects anew';
  return new PgbouncerError({ code: 'late', what, why, next, cause });
}

function tooLong(what: string): PgbouncerError {
  const why = `an answer of more than ${answerBytesMax} bytes`;
  const next = 'see that it is PgBouncer which listens there';
  return new PgbouncerError({ code: 'bad-answer', what, why, next });
}

async function passwordOf(path: string | undefined): Promise<string> {
  if (path === undefined) return '';
  const what = `reading the password file ${path}`;
  const next = 'name a readable file whose first line is the password';
  const fault = (why: string, cause?: unknown) =>
    new PgbouncerError({ code: 'bad-option', what, why, next, cause });
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw fault(cause.message, cause);
  });
  if (text.length > passwordBytesMax) throw fault(`it has more than ${passwordBytesMax} bytes`);
  return text.split(/\r?\n/, 1)[0] ?? '';
}
