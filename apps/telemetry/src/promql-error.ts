/**
 * What can go wrong with one query. `unreachable`: no connection. `timeout`: no answer in time.
 * `tls`: the certificate is not believed. `unauthorized`: 401 or 403. `redirect`: any 3xx, which is
 * not followed. `status`: any other refusal. `query`: Prometheus cannot evaluate it. `malformed`:
 * no answer of the HTTP API. `too-large`, `too-many-series`: beyond a bound. `credentials`: a file
 * of ours cannot be read.
 */
export const promqlErrorKinds = [
  'unreachable',
  'timeout',
  'tls',
  'unauthorized',
  'redirect',
  'status',
  'query',
  'malformed',
  'too-large',
  'too-many-series',
  'credentials',
] as const;

/** @see promqlErrorKinds */
export type PromqlErrorKind = (typeof promqlErrorKinds)[number];

/** A query that gave no result; the message says what, why and what to do. */
export class PromqlError extends Error {
  readonly kind: PromqlErrorKind;

  constructor(kind: PromqlErrorKind, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'PromqlError';
    this.kind = kind;
  }
}
