/**
 * Bounds of a server or client. The defaults suit a data centre or one host: round trips below
 * 50 ms, no proxy that drops idle connections within five minutes.
 */
export interface GrpcLimits {
  /** Largest message taken, bytes. Default 4 MiB, which holds a window of 6,000 samples. */
  readonly receiveMessageBytesMax: number;
  /** Largest message sent, bytes. Default 4 MiB. */
  readonly sendMessageBytesMax: number;
  /**
   * Longest deadline honoured; what asks for more is cut to this. Default 1 h. It must stay below
   * 24.8 days: grpc-js computes it in 32 bits, so a longer one fires at once.
   */
  readonly deadlineMsMax: number;
  /** Concurrent calls of one connection. Default 1,000. */
  readonly concurrentStreamsMax: number;
  /** Age at which the server asks a connection to leave, so clients re-balance. Default 30 min. */
  readonly connectionAgeMsMax: number;
  /** What its calls get to finish after that. Default 1 min. */
  readonly connectionAgeGraceMs: number;
  /** Idle time after which a server pings its client. Default 2 min; Go clients accept that. */
  readonly serverKeepaliveMs: number;
  /**
   * Idle time after which a client pings. Default 320 s: a Go server closes the connection of a
   * client that pings more often than every 5 min (`too_many_pings`).
   */
  readonly clientKeepaliveMs: number;
  /** Time a ping may stay unanswered. Default 20 s. */
  readonly keepaliveTimeoutMs: number;
}

/** @see GrpcLimits */
export const defaultLimits: GrpcLimits = Object.freeze({
  receiveMessageBytesMax: 4 * 1024 * 1024,
  sendMessageBytesMax: 4 * 1024 * 1024,
  deadlineMsMax: 3_600_000,
  concurrentStreamsMax: 1_000,
  connectionAgeMsMax: 30 * 60_000,
  connectionAgeGraceMs: 60_000,
  serverKeepaliveMs: 120_000,
  clientKeepaliveMs: 320_000,
  keepaliveTimeoutMs: 20_000,
});
