/** What was measured of the real queue within one interval. Bytes, and bytes per second. */
export interface MeasuredInterval {
  intervalMs: number;
  arrivedBytes: number;
  droppedBytes: number;
  /** In the queue when the interval began and when it ended. */
  startBytes: number;
  endBytes: number;
  highWaterBytes: number;
  drainBytesPerSecond: number;
  /** Largest mean arrival rate over any 10 ms; undefined: unknown. */
  peakBytesPerSecond: number | undefined;
  /** In force at the end; undefined: unknown. */
  limitBytes: number | undefined;
}

/** A number that was not measured, and between what it lies. */
export interface Estimate {
  bytes: number;
  low: number;
  high: number;
}

/** What a shadow queue would have shown. */
export interface LaneInterval {
  highWaterBytes: number;
  droppedBytes: number;
  endBytes: number;
}

/** Shares of a high-water mark within which two levels are one. */
const sameLevel = 0.05;

/**
 * A queue that was not there: what another limit would have dropped of the same arrivals. It rests
 * on the difference d between this queue and the real one at the same moment, which changes in
 * three ways only: what the real queue drops and this one keeps adds to d, what this one drops
 * takes from it, and time in which one of them is empty draws d to zero. So of an interval with the
 * high-water mark H, the drops X and the idle drain I, however its arrivals came, this queue would
 * have held H + X + d at its highest moment, and dropped of that what exceeds its limit:
 *
 * - at least what exceeds it if all of I came before that moment,
 * - at most what exceeds it if none did, and if this queue ran empty wherever the peak rate of the
 *   arrivals allows that the real one fell so far and rose again.
 *
 * The estimate puts the idle time where the levels say that it was: before a rise, after a fall.
 * Bounds hold for exact measurements.
 */
export class ShadowLane {
  #difference = { bytes: 0, low: 0, high: 0 };
  #dropped = { bytes: 0, low: 0, high: 0 };

  /** Dropped since the start. */
  get droppedBytes(): Readonly<Estimate> {
    return this.#dropped;
  }

  /** A gap in the measurements: from here on as the real queue is. */
  resync(): void {
    this.#difference = { bytes: 0, low: 0, high: 0 };
  }

  /** @param limitBytes in force throughout the interval */
  step(measured: MeasuredInterval, limitBytes: number): LaneInterval {
    const level = levelsOf(measured);
    this.#stepLow(level, limitBytes);
    this.#stepHigh(measured, level, limitBytes);
    const { high, top, idle, end } = level;
    const before = idle * shareBefore(measured);
    const began = drawn(this.#difference.bytes, before);
    const reached = top + began;
    const kept = Math.min(reached, limitBytes);
    const droppedBytes = reached - kept;
    const after = idle - before;
    // An idle queue was empty, and so was a smaller one.
    const passed = after > sameLevel * high ? drawnBoth(kept - high, after) : kept - high;
    const endBytes = Math.max(0, end + passed);
    this.#difference.bytes = endBytes - end;
    this.#dropped.bytes += droppedBytes;
    return { highWaterBytes: Math.max(0, kept), droppedBytes, endBytes };
  }

  #stepLow({ high, top, idle, end }: Levels, limitBytes: number): void {
    const began = this.#difference.low;
    const reached = Math.max(high + drawn(began, idle), top + began - idle);
    const kept = Math.min(reached, limitBytes);
    this.#dropped.low += reached - kept;
    const passed = drawn(Math.min(began + top - high, limitBytes - high), idle);
    this.#difference.low = Math.max(passed, -end);
  }

  #stepHigh(measured: MeasuredInterval, levels: Levels, limitBytes: number): void {
    const { high, topMax: top, idle, end } = levels;
    const { startBytes: start, arrivedBytes } = measured;
    const began = this.#difference.high;
    const raised =
      began < 0 && dips(measured, { from: start, to: high, floor: -began }) ? 0 : began;
    const reached = top + raised;
    const kept = Math.min(reached, limitBytes);
    this.#dropped.high += reached - kept;
    const passed = kept - high;
    if (passed >= 0) {
      // The idle time drew on what was there before, wherever within the interval it was.
      this.#difference.high = Math.min(drawn(raised, idle) + (top - high), limitBytes - end);
      return;
    }
    const isEmptied = dips(measured, { from: high, to: end, floor: -passed });
    this.#difference.high = isEmptied ? 0 : Math.max(passed, -end);
    if (!isEmptied || high <= limitBytes) return;
    // What else arrived may have come as further bursts as high, each over an empty queue.
    const others = Math.max(0, arrivedBytes - (top - start));
    const most = Math.floor(measured.intervalMs / 1000 / riseS(measured, limitBytes));
    const whole = Math.min(most, Math.floor(others / high));
    const rest = whole < most ? Math.max(0, others - whole * high - limitBytes) : 0;
    this.#dropped.high += whole * (high - limitBytes) + rest;
  }
}

/** Levels of the real queue, and the drain it left unused. */
interface Levels {
  high: number;
  /** The highest with what was dropped until then, had it been kept; and at most. */
  top: number;
  topMax: number;
  idle: number;
  end: number;
}

function levelsOf(measured: MeasuredInterval): Levels {
  const { intervalMs, arrivedBytes, droppedBytes, startBytes, endBytes } = measured;
  const high = Math.max(measured.highWaterBytes, startBytes, endBytes);
  const sent = arrivedBytes - droppedBytes + startBytes - endBytes;
  const idle = Math.max(0, (measured.drainBytesPerSecond * intervalMs) / 1000 - sent);
  const topMax = high + droppedBytes;
  const { limitBytes = high } = measured;
  // Under a limit that fell packets are dropped while the queue comes down to it.
  const isFalling = droppedBytes > 0 && limitBytes < high;
  const top = isFalling ? Math.max(high, Math.max(limitBytes, endBytes) + droppedBytes) : topMax;
  return { high, top, topMax, idle, end: endBytes };
}

/** Towards zero from above: a fuller queue drains while the real one is idle. */
function drawn(difference: number, idle: number): number {
  return difference > 0 ? Math.max(0, difference - idle) : difference;
}

function drawnBoth(difference: number, idle: number): number {
  return difference > 0 ? Math.max(0, difference - idle) : 0;
}

/** Where the levels say that the idle time was: its share before the highest moment. */
function shareBefore({ startBytes, endBytes, highWaterBytes: high }: MeasuredInterval): number {
  const isLow = (bytes: number) => bytes <= sameLevel * high;
  if (startBytes >= (1 - sameLevel) * high) return 0;
  if (endBytes >= (1 - sameLevel) * high) return 1;
  if (isLow(startBytes) === isLow(endBytes)) return 0.5;
  return isLow(startBytes) ? 1 : 0;
}

/** Whether within the interval the real queue can have fallen to a floor and risen again. */
function dips(
  measured: MeasuredInterval,
  { from, to, floor }: { from: number; to: number; floor: number },
): boolean {
  const { intervalMs, arrivedBytes, drainBytesPerSecond, peakBytesPerSecond } = measured;
  // While it falls as fast as it can nothing arrives.
  const fallS = Math.max(0, from - floor) / drainBytesPerSecond;
  const arrivalsS = peakBytesPerSecond === undefined ? 0 : arrivedBytes / (peakBytesPerSecond + 1);
  const restS = Math.max(riseS(measured, Math.max(0, to - floor)), arrivalsS - 2 * peakS);
  return fallS + restS <= intervalMs / 1000;
}

/** Time in which the peak is the mean, which may all have come at once in two of them. */
const peakS = 0.01;

/** The shortest time in which the queue can have risen by so much; 0: at once. */
function riseS({ drainBytesPerSecond, peakBytesPerSecond }: MeasuredInterval, bytes: number) {
  if (peakBytesPerSecond === undefined) return 0;
  const slow = Math.max(0, bytes - 2 * peakS * peakBytesPerSecond);
  return slow === 0 ? 0 : slow / Math.max(1, peakBytesPerSecond - drainBytesPerSecond);
}
