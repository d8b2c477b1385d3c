/** Where a sample was measured. */
export type SampleOrigin = 'kernel' | 'simulated' | 'proc' | 'push' | 'replay' | 'prometheus';

/** What every sample says of itself, whatever it measures. */
export interface TimedSample {
  /** Counts up by one per sample of this link or path; restarts with its source. */
  sequence?: number | undefined;
  /** End of the interval, wall clock, milliseconds since 1970. */
  timeUnixMs: number;
  /** Length of the interval, milliseconds. */
  intervalMs?: number | undefined;
  origin: SampleOrigin;
}
