import type { Clock } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import { leavesOpen } from './ebpf/leaves-open.ts';
import { SlotMeter } from './ebpf/slot-meter.ts';
import type { LinkWindow } from './ebpf/slot-probe.ts';
import type { PolledKernel, QueueReading } from './kernel.ts';
import { LinkMeter, type MeterCounts } from './link-meter.ts';
import type { MeasuredInterval } from './measured-interval.ts';

/** A tick may come this much before the end of an interval and still close it. */
const EARLY_MS = 0.5;

/**
 * Counters read while the process was held up are of an unknown time: a rate over it would show a
 * burst that never was. Such a reading is left out, as the next one counts what it saw; but not
 * many in a row, for a host that is always late still wants to be watched.
 */
const UNCERTAIN_MS = 3;
const UNCERTAIN_MAX = 5;
/**
 * Queues are asked at least this often: limits changed by hand, queues that went, and drops the
 * programs were not called for are known that much later at most.
 */
const LOOK_MS = 1_000;

/** What counts in the kernel itself, where something does. */
export interface EgressCounters {
  /** The queue of a link is at this interface now. */
  follow(index: number, ifindex: number | undefined): void;
  /** Whether all arrivals of the link are counted. */
  isCounting(index: number): boolean;
  /** Take what was counted. @returns how long ago that ended, ms */
  read(): number;
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
  /** Limits in bytes, by link, that the agent has set since the last call. */
  changedLimits?: () => ReadonlyMap<string, number>;
  /** Takes the samples of all links, once an interval. */
  onSamples: (samples: Sample[]) => void;
}

/**
 * At the ends of intervals makes a sample of each link: of what the programs in the kernel counted
 * where they do, else of readings of its queue, made at every tick. Where the programs count, the
 * queues are asked only for what is left open, and once a second. The ends lie on a grid of the
 * monotonic clock; a sample carries the wall clock of its end as the clock stands now, so that a
 * step of it shows at once and never adds up.
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
  /** Of the last look, with the limits the agent has set since. */
  #readings: (QueueReading | undefined)[] = [];
  #lookedMs = Number.NEGATIVE_INFINITY;

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

  /** Time has passed: look at the queues where that is due, make samples where an interval ends. */
  tick(): void {
    const { clock, intervalMs } = this.#options;
    if (this.#needsPolls && !this.#look()) return;
    const nowMs = this.#needsPolls ? this.#lookedMs : clock.monotonicMs();
    const behindMs = nowMs - this.#intervalEndMs;
    if (behindMs < -EARLY_MS) return;
    const missed = Math.max(0, Math.floor(behindMs / intervalMs));
    const gridMs = this.#intervalEndMs + missed * intervalMs;
    this.#intervalsMissed += missed;
    this.#intervalEndMs = gridMs + intervalMs;
    this.#options.onSamples(this.#samples({ nowMs, agoMs: nowMs - gridMs }));
  }

  /** Ask every queue. @returns false when that took so long that nobody knows of when it is */
  #look(): boolean {
    const { kernel, clock, changedLimits } = this.#options;
    const beforeMs = clock.monotonicMs();
    const readings = kernel.poll();
    const afterMs = clock.monotonicMs();
    const isLong = this.#needsPolls && afterMs - beforeMs > UNCERTAIN_MS;
    const isUncertain = isLong && this.#uncertain < UNCERTAIN_MAX;
    this.#uncertain = isUncertain ? this.#uncertain + 1 : 0;
    if (isUncertain) return false;
    changedLimits?.(); // They are in the readings.
    this.#lookedMs = (beforeMs + afterMs) / 2;
    this.#readings = [...readings];
    for (const [index, reading] of readings.entries()) {
      this.#meters[index]?.observe(reading, this.#lookedMs);
    }
    return true;
  }

  #follow(): void {
    const { programs } = this.#options;
    for (const [index, reading] of this.#readings.entries()) {
      programs?.follow(index, reading?.ifindex);
    }
  }

  #samples({ nowMs, agoMs }: { nowMs: number; agoMs: number }): Sample[] {
    const { kernel, clock, programs } = this.#options;
    if (this.#needsPolls) this.#follow();
    const countedAgoMs = programs?.read();
    const windows = kernel.links.map((_, index) =>
      countedAgoMs !== undefined && programs?.isCounting(index) ? programs.take(index) : undefined,
    );
    if (!this.#needsPolls) this.#lookWhereDue(windows, nowMs);
    const unixMs = clock.unixMs();
    this.#sequence += 1;
    this.#needsPolls = false;
    const origin = kernel.kind === 'real' ? ('kernel' as const) : ('simulated' as const);
    const sequence = this.#sequence;
    return kernel.links.map(({ name: link }, index) => {
      const reading = this.#readings[index];
      const meter = this.#meters[index];
      const counted = windows[index];
      if (counted === undefined || countedAgoMs === undefined) {
        this.#needsPolls ||= reading !== undefined;
        const measured: MeasuredInterval = meter?.measure(nowMs) ?? {};
        return Object.assign(measured, { link, origin, sequence, timeUnixMs: unixMs - agoMs });
      }
      meter?.skip(nowMs);
      const { window, sojourn } = counted;
      const measured: MeasuredInterval =
        this.#slotMeters[index]?.measure({ window, sojourn, reading }) ?? {};
      // Ten times a second for each link: into the object there is, not into a copy of it.
      return Object.assign(measured, { link, origin, sequence, timeUnixMs: unixMs - countedAgoMs });
    });
  }

  #lookWhereDue(windows: readonly (LinkWindow | undefined)[], nowMs: number): void {
    const isDue = nowMs - this.#lookedMs >= LOOK_MS - EARLY_MS;
    const isOpen = (counted: LinkWindow | undefined, index: number) => {
      const reading = this.#readings[index];
      return counted === undefined ? reading !== undefined : leavesOpen(counted.window, reading);
    };
    if (isDue || windows.some(isOpen)) {
      this.#look();
      this.#follow();
    } else this.#takeLimits();
  }

  #takeLimits(): void {
    const limits = this.#options.changedLimits?.();
    if (limits === undefined || limits.size === 0) return;
    for (const [index, { name }] of this.#options.kernel.links.entries()) {
      const reading = this.#readings[index];
      const limitBytes = limits.get(name);
      if (reading === undefined || limitBytes === undefined) continue;
      this.#readings[index] = { ...reading, limitBytes };
    }
  }
}
