/** Distance from the setpoint that a law leaves alone unless it is told another. */
export const deadBandDefault = 0.05;
/** Largest relative change in one tick unless a law is told another. */
export const stepDefault = 0.25;

/** How a law that sizes by utilisation is set; each has its defaults. */
export interface SizingOptions {
  /** Utilisation to hold; default 0.70, pools 0.80. */
  setpoint?: number;
  /** Distance from the setpoint that is left alone; default 0.05. */
  deadBand?: number;
  /** Largest relative change in one tick; default 0.25. */
  step?: number;
  /** How long a peak is held, or less must have been enough, ms; default 10,000, pools 60,000. */
  holdMs?: number;
  /** Length of a tick, ms; default 100. */
  periodMs?: number;
  /** From a request until it can be used, ms; default 0 (one tick until it shows). */
  actuationDelayMs?: number;
}
