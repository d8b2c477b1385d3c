/** What a load did so far. */
export interface LoadCounts {
  /** Samples the hosts made. */
  sent: number;
  /** Samples that the service was not given: of calls that failed, or of a stream too slow. */
  failed: number;
  /** Longest delay of a host's timer, milliseconds: above a few, the bench itself was slow. */
  latenessMsMax: number;
}

/** Hosts whose samples get to telemetry, by whichever way. */
export interface Load {
  readonly counts: LoadCounts;
  start(): void;
  /** What came before was warming up. */
  forgetLateness(): void;
  /** No more samples; waits for those on their way. */
  stop(): Promise<void>;
  /** Gives back what it opened. */
  close(): Promise<void>;
}
