import { DatabaseLink, type LinkAddress, type TextRow } from './database-link.ts';
import { PgbouncerError } from './pgbouncer-error.ts';

/** Where the console is, and who may use it. */
export interface PgbouncerConsoleOptions {
  /** Name or address, or the folder of its Unix socket when it begins with `/`. */
  host: string;
  /** Default 6432. */
  port?: number | undefined;
  /** One of `admin_users`. */
  user: string;
  /** First line is the password; default: none is given. */
  passwordFile?: string | undefined;
}

/** Commands that wait for one connection. */
const waitingMax = 16;

/**
 * The admin console of a PgBouncer. Commands go one after the other over one connection, which is
 * made when it is needed and made anew after it was lost.
 */
export class PgbouncerConsole {
  readonly #address: LinkAddress;
  #link: DatabaseLink | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isClosed = false;
  #connections = 0;

  constructor({ host, port = 6432, user, passwordFile }: PgbouncerConsoleOptions) {
    this.#address = { host, port, user, passwordFile, database: 'pgbouncer' };
  }

  /** How often it has connected so far: another number, another connection. */
  get connections(): number {
    return this.#connections;
  }

  /**
   * One command, such as `SHOW POOLS`.
   * @throws {PgbouncerError} unreachable, refused, late, lost, bad-answer, rejected-command, busy
   */
  async query(command: string, signal: AbortSignal): Promise<readonly TextRow[]> {
    if (this.#waiting >= waitingMax) throw this.#busy(command);
    this.#waiting += 1;
    const answer = this.#last.then(async () => {
      const link = await this.#opened(signal);
      return await link.query(command, signal);
    });
    // The next one has its turn whatever becomes of this one; each ends by its own deadline.
    this.#last = answer
      .catch(() => {})
      .finally(() => {
        this.#waiting -= 1;
      });
    return await answer;
  }

  /** For good. */
  close(): void {
    this.#isClosed = true;
    this.#link?.close();
  }

  async #opened(signal: AbortSignal): Promise<DatabaseLink> {
    if (this.#link?.isOpen === true) return this.#link;
    if (this.#isClosed) throw this.#closed();
    const link = await DatabaseLink.open(this.#address, signal);
    this.#link = link;
    this.#connections += 1;
    if (this.#isClosed) link.close();
    return link;
  }

  #closed(): PgbouncerError {
    const { host, port } = this.#address;
    const what = `the console of PgBouncer at ${host}:${port}`;
    const next = 'make another console';
    return new PgbouncerError({ code: 'lost', what, why: 'it was closed', next });
  }

  #busy(command: string): PgbouncerError {
    const { host, port } = this.#address;
    const what = `${command} on PgBouncer at ${host}:${port}`;
    const why = `${waitingMax} commands wait for an answer already`;
    const next = 'ask less often, or with a shorter deadline';
    return new PgbouncerError({ code: 'busy', what, why, next });
  }
}
