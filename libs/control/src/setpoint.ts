import type { BurstForecast, Quantiles } from '@levitate/forecast';

/** Standard deviations of the forecaster's timing kept free before the onset (SPEC 4.1). */
const EARLY_SD = 3;
/** And after it: waiting costs nothing unless the burst is late, so it may be waited for longer. */
const LATE_SD = 5;
/** Kept free beyond that: one tick of the loop, seconds. */
const TIMING_S = 0.1;

/** What is being sized: a queue that must hold a burst, or a capacity that must serve it. */
export type ResourceKind = 'queue' | 'capacity';

/** Room for one announced burst, and when it is needed. Times in milliseconds since 1970. */
export interface Reserve {
  /** Bytes for a queue, bytes/s for a capacity. */
  size: number;
  /** From here on the room is to be asked for. */
  fromUnixMs: number;
  /** The burst has failed to come when it has not begun by then. */
  untilUnixMs: number;
}

/** What room is planned for. */
export interface ReserveOptions {
  kind: ResourceKind;
  /** From asking for a size until it is usable, seconds. */
  actuationDelayS: number;
  /** Rate at which a queue drains, bytes/s. */
  drainBytesPerSecond?: number | undefined;
}

/**
 * The room an announced burst needs and when to ask for it: at the expected onset minus the
 * actuation delay and the uncertainty of the timing, not at first sight (SPEC 4.1). Sized on the
 * 99 % quantile: room is reserved for a second, a burst that does not fit is lost.
 */
export function planReserve(forecast: BurstForecast, options: ReserveOptions): Reserve {
  const onsetUnixMs = forecast.madeUnixMs + forecast.timeToBurstS * 1000;
  const earlyMs = (EARLY_SD * forecast.timeSdS + TIMING_S) * 1000;
  const lateMs = (LATE_SD * forecast.timeSdS + TIMING_S) * 1000;
  return {
    size: options.kind === 'queue' ? queueRoom(forecast, options) : capacityRoom(forecast),
    fromUnixMs: onsetUnixMs - earlyMs - options.actuationDelayS * 1000,
    untilUnixMs: onsetUnixMs + lateMs,
  };
}

/**
 * Largest excess of arrivals over what drains. Measured at the queue where it was; otherwise from
 * volume and duration, which together say the mean rate of the burst.
 */
function queueRoom(forecast: BurstForecast, { drainBytesPerSecond }: ReserveOptions): number {
  if (forecast.needBytes.q99 > 0) return forecast.needBytes.q99;
  if (drainBytesPerSecond === undefined) return forecast.volumeBytes.q99;
  return Math.max(0, forecast.volumeBytes.q99 - drainBytesPerSecond * forecast.durationS.q50);
}

function capacityRoom(forecast: BurstForecast): number {
  return forecast.peakBytesPerSecond.q99;
}

/**
 * Largest quantile of the level over [now, now + delay], which a slow resource must already have
 * asked for (SPEC 4.1).
 * @param levels one entry per second ahead
 */
export function levelRoom(levels: readonly Quantiles[], actuationDelayS: number): number {
  const seconds = Math.max(1, Math.ceil(actuationDelayS) + 1);
  return levels.slice(0, seconds).reduce((room, level) => Math.max(room, level.q99), 0);
}
