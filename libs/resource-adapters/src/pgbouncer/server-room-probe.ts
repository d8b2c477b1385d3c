import { DatabaseLink, type LinkAddress, type TextRow } from './database-link.ts';
import { PgbouncerError } from './pgbouncer-error.ts';
import { type ServerRoom, serverRoomQuery } from './server-room.ts';

/** It stands in line with the clients of the pool, so it may take long. */
const probeDeadlineMs = 10_000;
/** After a question that was not answered the next waits so long, or it would be a load. */
const retryMs = 2_000;

/**
 * Asks the server, through the pool itself, how many connections it takes: one question at a
 * time, until it is answered; then no more.
 */
export class ServerRoomProbe {
  readonly #address: LinkAddress;
  #room: ServerRoom | undefined;
  #fault: unknown;
  #askAgainMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(address: LinkAddress) {
    this.#address = address;
  }

  /** What the server said. @throws {PgbouncerError} server-limit-unknown: not yet */
  async room(signal: AbortSignal): Promise<ServerRoom> {
    if (this.#room === undefined) await this.#asked(signal);
    if (this.#room !== undefined) return this.#room;
    const { database, host, port } = this.#address;
    const fault = this.#fault instanceof Error ? this.#fault.message : 'it has not answered yet';
    throw new PgbouncerError({
      code: 'server-limit-unknown',
      what: `asking through ${database} at ${host}:${port} how many connections the server takes`,
      why: fault,
      next: 'let this user into the database, or set serverConnectionsMax',
      cause: this.#fault,
    });
  }

  /** Begin to ask, so that the answer is there when it is needed. */
  ask(): void {
    if (this.#room !== undefined || performance.now() < this.#askAgainMs) return;
    this.#asking ??= this.#ask();
  }

  /** Another process answers there: what was said before no longer counts. */
  forget(): void {
    this.#room = undefined;
  }

  close(): void {
    this.#closing.abort(new Error('closed'));
  }

  async #asked(signal: AbortSignal): Promise<void> {
    this.ask();
    const aborted = Promise.withResolvers<void>();
    const onAbort = () => aborted.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    await Promise.race([this.#asking, aborted.promise]);
    signal.removeEventListener('abort', onAbort);
  }

  async #ask(): Promise<void> {
    const closing = this.#closing.signal;
    const signal = AbortSignal.any([AbortSignal.timeout(probeDeadlineMs), closing]);
    try {
      const link = await DatabaseLink.open(this.#address, signal);
      try {
        this.#room = roomOf(await link.query(serverRoomQuery, signal));
      } finally {
        link.close();
      }
    } catch (fault) {
      this.#fault = fault;
      this.#askAgainMs = performance.now() + retryMs;
    } finally {
      this.#asking = undefined;
    }
  }
}

function roomOf([row]: readonly TextRow[]): ServerRoom {
  const connectionsMax = Number(row?.most);
  const taken = Number(row?.taken);
  if (Number.isInteger(connectionsMax) && Number.isInteger(taken)) return { connectionsMax, taken };
  const why = 'the answer has no such numbers';
  const next = 'see that PostgreSQL is behind it, or set serverConnectionsMax';
  const what = 'asking how many connections the server takes';
  throw new PgbouncerError({ code: 'bad-answer', what, why, next });
}
