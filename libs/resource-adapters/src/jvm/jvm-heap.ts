import type { ResourceMeasurement } from '@levitate/control';
import type { ManagedResource, NotedOriginal } from '@levitate/resource-sdk';
import { CollectorRoom } from './collector-room.ts';
import { type FreeRatios, freeRatios } from './free-ratios.ts';
import { type HeapFigures, HeapHistory } from './heap-history.ts';
import { heapOriginal, originalFlags, restoredSize } from './heap-original.ts';
import type { JvmAccess, JvmReading } from './jvm-access.ts';
import { JvmError } from './jvm-error.ts';

/** A mebibyte: sizes are whole multiples of it. */
const mebibyte = 2 ** 20;

/** So long a JVM's clock may show the same time, ms. */
const stillMs = 1_000;

/** @see JvmHeap */
export interface JvmHeapOptions {
  /** How it is reached: `Jcmd` or `Jolokia`. */
  access: JvmAccess;
  /** Least ceiling that is ever asked for, bytes. */
  min: number;
  /** Largest; at most the JVM's `-Xmx`, which is looked at in every measurement. */
  max: number;
  /** Default `jvm-heap`. */
  name?: string | undefined;
  /**
   * Collect at once when the ceiling falls. Without it committed memory falls at the next
   * collection that resizes the heap, which an idle G1 may not make for hours; with it everything
   * stands still for that collection, but under ZGC and Shenandoah. Default false.
   */
  collectOnShrink?: boolean | undefined;
  /** From a ceiling asked for until it is in the flags, ms; default 100. */
  actuationDelayMs?: number | undefined;
  /** Monotonic clock, ms; default this process's. */
  nowMs?: (() => number) | undefined;
}

/**
 * The heap of a running JVM; its size is the soft ceiling, `SoftMaxHeapSize`. ZGC and Shenandoah
 * keep below it by themselves, and go beyond only where allocation would stall. G1, Parallel and
 * Serial do not look at it: there it notes what was asked for, and the free ratios, which are set
 * with it, make committed memory follow at the next collection that resizes the heap.
 *
 * Its need is what is live, what is allocated while a collection runs, and so much more that
 * collecting oftener would cost more than the room.
 */
export class JvmHeap implements ManagedResource {
  readonly name: string;
  readonly unit = 'bytes';
  readonly min: number;
  readonly max: number;
  readonly quantum = mebibyte;
  readonly actuationDelayMs: number;
  readonly #options: JvmHeapOptions;
  readonly #history = new HeapHistory();
  /** Of this run of the JVM. */
  #room: { instance: string; of: CollectorRoom } | undefined;
  #seen: { reading: JvmReading; figures: HeapFigures; need: number } | undefined;
  /** What the JVM's own clock showed, and since when. */
  #clock: { nowMs: number; uptimeMs: number | undefined } | undefined;
  /** Free ratios that were set with the ceiling, and in which run. */
  #ratios: (FreeRatios & { instance: string }) | undefined;

  constructor(options: JvmHeapOptions) {
    const { min, max } = options;
    if (!(Number.isFinite(min) && Number.isFinite(max) && min >= mebibyte && max >= min)) {
      const text = `min and max: bytes, 1 MiB <= min <= max, not ${min} and ${max}`;
      throw new RangeError(text);
    }
    this.#options = options;
    this.name = options.name ?? 'jvm-heap';
    this.min = min;
    this.max = max;
    this.actuationDelayMs = options.actuationDelayMs ?? 100;
  }

  async measure(signal: AbortSignal): Promise<ResourceMeasurement> {
    const reading = await this.#read(signal);
    const nowMs = this.#options.nowMs?.() ?? performance.now();
    this.#believe(nowMs, reading);
    const figures = this.#history.add(nowMs, reading);
    if (this.#room?.instance !== reading.instance) {
      this.#room = { instance: reading.instance, of: new CollectorRoom(reading) };
    }
    const need = this.#room.of.observe(reading, figures);
    this.#seen = { reading, figures, need };
    return { size: this.#sizeOf(reading), need, instance: reading.instance };
  }

  async apply(size: number, signal: AbortSignal): Promise<void> {
    const reading = this.#seen?.reading ?? (await this.#read(signal));
    const liveBytes = this.#seen?.figures.liveBytes ?? reading.usedBytes;
    if (size < liveBytes + mebibyte) {
      const text = `a ceiling of ${mib(size)} would leave no room over ${mib(liveBytes)} live`;
      throw new JvmError('below-live', text);
    }
    const isShrinking = size < this.#sizeOf(reading);
    if (!isSoft(reading)) {
      const ratios = freeRatios(size, liveBytes);
      await this.#setRatios(ratios, reading, signal);
      this.#ratios = { ...ratios, instance: reading.instance };
    }
    await this.#options.access.setFlag('SoftMaxHeapSize', size, signal);
    if (isShrinking && this.#options.collectOnShrink) await this.#options.access.collect(signal);
  }

  async snapshot(signal: AbortSignal): Promise<string> {
    return heapOriginal(await this.#read(signal));
  }

  /** Also where less than `max` is left of it: a JVM that was started again with less has less. */
  async restore(original: NotedOriginal, signal: AbortSignal): Promise<number> {
    const { access } = this.#options;
    const reading = await access.read(signal);
    const flags = originalFlags(original, reading);
    const { MinHeapFreeRatio: min, MaxHeapFreeRatio: max, SoftMaxHeapSize: ceiling } = flags;
    if (!isSoft(reading) && min !== undefined && max !== undefined) {
      await this.#setRatios({ min, max }, reading, signal);
    }
    this.#ratios = undefined;
    await access.setFlag('SoftMaxHeapSize', ceiling ?? original.size, signal);
    return restoredSize(original, reading);
  }

  metrics(): Readonly<Record<string, number>> {
    if (this.#seen === undefined) return {};
    const { reading, figures, need } = this.#seen;
    const { usedBytes, committedBytes, maxBytes, collections = 0 } = reading;
    return {
      needBytes: need,
      usedBytes,
      committedBytes,
      maxBytes,
      liveBytes: figures.liveBytes,
      allocationBytesPerSecond: figures.allocationBytesPerSecond,
      gcPressureRatio: figures.pressure,
      gcCycleSeconds: this.#room?.of.cycleS ?? 0,
      collections,
      // Held from the operating system and not in use.
      fragmentationRatio: committedBytes > 0 ? 1 - Math.min(1, usedBytes / committedBytes) : 0,
    };
  }

  async #read(signal: AbortSignal): Promise<JvmReading> {
    const reading = await this.#options.access.read(signal);
    if (reading.flags.SoftMaxHeapSize === undefined) {
      const text =
        'this JVM has no SoftMaxHeapSize, which came with JDK 13; only newer ones can be ruled';
      throw new JvmError('not-manageable', text);
    }
    if (this.max > reading.maxBytes) {
      const text = `max is ${mib(this.max)}, but its -Xmx ${mib(reading.maxBytes)}: lower max`;
      throw new JvmError('beyond-maximum', text);
    }
    return reading;
  }

  /** @throws {JvmError} `garbage`: no heap is like that */
  #believe(nowMs: number, reading: JvmReading): void {
    const { usedBytes, committedBytes, maxBytes, uptimeMs } = reading;
    const isHeap = usedBytes >= 0 && usedBytes <= maxBytes && committedBytes <= maxBytes;
    if (!isHeap) {
      const text = `${usedBytes} bytes used, ${committedBytes} committed of ${maxBytes} cannot be`;
      throw new JvmError('garbage', text);
    }
    if (uptimeMs === undefined || uptimeMs !== this.#clock?.uptimeMs) {
      this.#clock = { nowMs, uptimeMs };
    } else if (nowMs - this.#clock.nowMs > stillMs) {
      const text = `the JVM's clock stands at ${uptimeMs} ms: what answers is old, such as a cache`;
      throw new JvmError('garbage', text);
    }
  }

  /**
   * The ceiling that stands in the JVM. Free ratios other than were set with it are somebody's who
   * sizes the heap by them: then it is what that came to, what is committed.
   */
  #sizeOf(reading: JvmReading): number {
    const { flags, instance, committedBytes, maxBytes } = reading;
    const ours = this.#ratios;
    const isByHand =
      ours?.instance === instance &&
      (flags.MinHeapFreeRatio !== ours.min || flags.MaxHeapFreeRatio !== ours.max);
    if (isByHand) return committedBytes;
    return flags.SoftMaxHeapSize || maxBytes;
  }

  /** In the order in which the least is never above the largest. */
  async #setRatios(
    { min, max }: FreeRatios,
    { flags }: JvmReading,
    signal: AbortSignal,
  ): Promise<void> {
    const least = ['MinHeapFreeRatio', min] as const;
    const most = ['MaxHeapFreeRatio', max] as const;
    const isRising = min > (flags.MinHeapFreeRatio ?? 0);
    for (const [flag, percent] of isRising ? [most, least] : [least, most]) {
      await this.#options.access.setFlag(flag, percent, signal);
    }
  }
}

/** Keeps below a soft ceiling by itself. */
function isSoft({ collector }: JvmReading): boolean {
  return collector === 'z' || collector === 'shenandoah';
}

function mib(bytes: number): string {
  return `${Math.round(bytes / mebibyte)} MiB`;
}
