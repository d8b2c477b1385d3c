import type { Clock } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import { SlotMeter } from './ebpf/slot-meter.ts';
import type { LinkWindow } from './ebpf/slot-probe.ts';
import type { PolledKernel, QueueReading } from './kernel.ts';
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

/** What counts in the kernel itself, where something does. */
export interface EgressCounters {
  /** The queue of a link is at this interface now. */
  follow(index: number, ifindex: number | undefined): void;
  /** Whether all arrivals of the link are counted. */
  isCounting(index: number): boolean;
  /** Take what was counted. @returns how long ago that ended, ms; `undefined`: it failed */
  read(): number | undefined;
  /** What the last read says of a link; once a read. */
  take(index: number): LinkWindow;
}

/** What a collector is made from. */
export interface CollectorOptions {
  kernel: PolledKernel;
  programs?: EgressCounters | undefined;
  clock: Clock;
  pollMs: number;
  intervalMs: number;
  /** Where the grid of intervals begins, monotonic; default now. */
  startMs?: number | undefined;
  /** Takes the samples of all links, once an interval. */
  onSamples: (samples: Sample[]) => void;
}

/**
 * Reads all queues at every tick, and at the ends of intervals makes a sample of each link: of what
 * the programs in the kernel counted where they do, else of the readings. The ends lie on a grid of
 * the monotonic clock; a sample carries the wall clock of its end as the clock stands now, so that
 * a step of it shows at once and never adds up.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #meters: readonly LinkMeter[];
  readonly #slotMeters: readonly SlotMeter[];
  #intervalEndMs: number;
  #intervalsMissed = 0;
  /** Readings in a row whose time is not known well enough. */
  #uncertain = 0;
  #sequence = 0;
  #needsPolls = true;

  constructor(options: CollectorOptions) {
    this.#options = options;
    const { kernel, pollMs, intervalMs } = options;
    this.#intervalEndMs = (options.startMs ?? options.clock.monotonicMs()) + intervalMs;
    this.#meters = kernel.links.map(
      () =>
        new LinkMeter({
          pollMs,
          // Twice the nominal number: an interval that ends late holds some more.
          readingsMax: Math.ceil((2 * intervalMs) / pollMs),
        }),
    );
    this.#slotMeters = kernel.links.map(() => new SlotMeter());
  }

  /** Whether some queue is only as well known as it is looked at often. */
  get needsPolls(): boolean {
    return this.#needsPolls;
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
    const isLong = this.#needsPolls && afterMs - beforeMs > UNCERTAIN_MS;
    const isUncertain = isLong && this.#uncertain < UNCERTAIN_MAX;
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
    const agoMs = nowMs - gridMs;
    this.#options.onSamples(this.#samples({ readings, nowMs, agoMs }));
  }

  #samples(at: {
    readings: readonly (QueueReading | undefined)[];
    nowMs: number;
    agoMs: number;
  }): Sample[] {
    const { kernel, clock, programs } = this.#options;
    for (const [index, reading] of at.readings.entries()) programs?.follow(index, reading?.ifindex);
    const countedAgoMs = programs?.read();
    const unixMs = clock.unixMs();
    this.#sequence += 1;
    this.#needsPolls = false;
    return kernel.links.map(({ name }, index) => {
      const common = {
        link: name,
        origin: kernel.kind === 'real' ? ('kernel' as const) : ('simulated' as const),
        sequence: this.#sequence,
      };
      const reading = at.readings[index];
      const meter = this.#meters[index];
      if (programs === undefined || countedAgoMs === undefined || !programs.isCounting(index)) {
        this.#needsPolls ||= reading !== undefined;
        return { ...common, timeUnixMs: unixMs - at.agoMs, ...meter?.measure(at.nowMs) };
      }
      meter?.skip(at.nowMs);
      const counted = this.#slotMeters[index]?.measure({ ...programs.take(index), reading });
      return { ...common, timeUnixMs: unixMs - countedAgoMs, ...counted };
    });
  }
}
