import type { Clock } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import type { Kernel } from './kernel.ts';
import { LinkMeter, type MeterCounts } from './link-meter.ts';

/** A tick may come this much before the end of an interval and still close it. */
const EARLY_MS = 0.5;

/**
 * Counters read while the process was held up are of an unknown time: a rate over it would show a
 * burst that never was. Such a reading is left out, as the next one counts what it saw; but not
 * many in a row, for a host that is always late still wants to be watched.
 */
const UNCERTAIN_MS = 3;
const UNCERTAIN_MAX = 5;

/** What a collector is made from. */
export interface CollectorOptions {
  kernel: Kernel;
  clock: Clock;
  pollMs: number;
  intervalMs: number;
  /** Takes the samples of all links, once an interval. */
  onSamples: (samples: Sample[]) => void;
}

/**
 * Reads all queues at every tick, and at the ends of intervals makes a sample of each link. The
 * ends lie on a grid of the monotonic clock; a sample carries the wall clock of its grid point as
 * the clock stands now, so that a step of it shows at once and never adds up.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #meters: readonly LinkMeter[];
  #intervalEndMs: number;
  #intervalsMissed = 0;
  /** Readings in a row whose time is not known well enough. */
  #uncertain = 0;

  constructor(options: CollectorOptions) {
    this.#options = options;
    const { kernel, pollMs, intervalMs } = options;
    this.#intervalEndMs = options.clock.monotonicMs() + intervalMs;
    this.#meters = kernel.links.map(
      ({ name }) =>
        new LinkMeter({
          link: name,
          origin: kernel.kind === 'real' ? 'kernel' : 'simulated',
          pollMs,
          // Twice the nominal number: an interval that ends late holds some more.
          readingsMax: Math.ceil((2 * intervalMs) / pollMs),
        }),
    );
  }

  /** Intervals that passed without a tick; the sample after them covers them all. */
  get intervalsMissed(): number {
    return this.#intervalsMissed;
  }

  /** What was counted of each link, in the order of the kernel's links. */
  get counts(): readonly MeterCounts[] {
    return this.#meters.map((meter) => meter.counts);
  }

  /** One look at every queue. */
  tick(): void {
    const { kernel, clock, intervalMs } = this.#options;
    const beforeMs = clock.monotonicMs();
    const readings = kernel.poll();
    const afterMs = clock.monotonicMs();
    const isUncertain = afterMs - beforeMs > UNCERTAIN_MS && this.#uncertain < UNCERTAIN_MAX;
    this.#uncertain = isUncertain ? this.#uncertain + 1 : 0;
    if (isUncertain) return;
    const nowMs = (beforeMs + afterMs) / 2;
    for (let index = 0; index < this.#meters.length; index++) {
      this.#meters[index]?.observe(readings[index], nowMs);
    }
    const behindMs = nowMs - this.#intervalEndMs;
    if (behindMs < -EARLY_MS) return;
    const missed = Math.max(0, Math.floor(behindMs / intervalMs));
    const gridMs = this.#intervalEndMs + missed * intervalMs;
    this.#intervalsMissed += missed;
    this.#intervalEndMs = gridMs + intervalMs;
    const timeUnixMs = clock.unixMs() - (nowMs - gridMs);
    this.#options.onSamples(this.#meters.map((meter) => meter.sample({ nowMs, timeUnixMs })));
  }
}
