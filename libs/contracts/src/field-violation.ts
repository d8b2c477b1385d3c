/** One fault of a request, as `google.rpc.BadRequest.FieldViolation` carries it. */
export interface FieldViolation {
  /** Path in proto names, e.g. `samples[3].throughput_bytes_per_second`; empty: the message. */
  readonly field: string;
  /** What was given and what is allowed. */
  readonly description: string;
}

/**
 * Faults reported of one request at most. They travel in an HTTP/2 trailer, whose size peers
 * bound at 8 KiB (Go, Java) or 16 KiB (Node), so a thousand bad samples must not fill it.
 */
export const violationsMax = 16;
