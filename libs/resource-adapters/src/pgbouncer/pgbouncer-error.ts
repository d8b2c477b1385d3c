/** Every way the work with a PgBouncer can fail. Closed: a reader may switch over it. */
export type PgbouncerErrorCode =
  /** Nothing listens there, or the way to it is cut. */
  | 'unreachable'
  /** It listens, but does not let us into the console. */
  | 'refused'
  /** No answer before the deadline; the connection was given up. */
  | 'late'
  /** The connection ended before the answer. */
  | 'lost'
  /** What came back is not what a console of PgBouncer says. */
  | 'bad-answer'
  /** The console does not accept the command; its own words are in the text. */
  | 'rejected-command'
  /** More commands wait for this connection than the bound in the text. */
  | 'busy'
  /** PgBouncer has no database of that name. */
  | 'unknown-database'
  /** The database has a pool size of its own, which the console cannot change. */
  | 'own-pool-size'
  /** The command was accepted, and reads back otherwise. */
  | 'not-in-force'
  /** The largest size is more than the server behind it can serve. */
  | 'server-limit'
  /** How many connections the server takes is not known yet. */
  | 'server-limit-unknown'
  /** The address or a file in the options cannot be used. */
  | 'bad-option';

/** What is known of a failure. */
export interface PgbouncerErrorDetail {
  code: PgbouncerErrorCode;
  /** What was tried, on what; no full stop at the end. */
  what: string;
  /** Why it failed. */
  why: string;
  /** What the reader can do about it. */
  next: string;
  cause?: unknown;
}

/** The work with a PgBouncer failed; the message says what, why and the next step. */
export class PgbouncerError extends Error {
  readonly code: PgbouncerErrorCode;

  constructor(detail: PgbouncerErrorDetail) {
    super(`${detail.what}: ${detail.why}. Next: ${detail.next}`, { cause: detail.cause });
    this.name = 'PgbouncerError';
    this.code = detail.code;
  }
}
