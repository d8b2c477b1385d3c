import { resourceDefaults } from '@levitate/control';
import { Controller, type ControllerOptions } from '@levitate/resource-sdk';
import { Jcmd } from '../jcmd.ts';
import type { HeapFlag, JvmAccess, JvmReading } from '../jvm-access.ts';
import { JvmHeap } from '../jvm-heap.ts';
import { type CompiledLoad, type HeapLoad, type HeapLoadTally, LoadJvm } from './load-jvm.ts';

const mebibyte = 2 ** 20;
/** Many trials share a machine: a look may take long, ms. */
const patienceMs = 10_000;

/** @see runHeapTrial */
export interface HeapTrialOptions {
  compiled: CompiledLoad;
  load: HeapLoad;
  /** `-Xmx`, bytes; whole mebibytes. */
  maxBytes: number;
  /** Least ceiling, bytes. */
  minBytes: number;
  /** A heap of fixed size instead of a ruled one: `-Xms` and `-Xmx`, bytes. */
  staticBytes?: number | undefined;
  /** Ceiling of a ruled heap at the start, bytes; default `maxBytes`. */
  startBytes?: number | undefined;
  /** ZGC gives back what it has not used for so long, seconds; default 5 (300 in production). */
  uncommitSeconds?: number | undefined;
  /** The law and the envelope; default as memory is ruled unless its owner says otherwise. */
  control?: Omit<ControllerOptions, 'resource'> | undefined;
  /** Ends it early, with an error. */
  signal?: AbortSignal | undefined;
}

/** What came of one trial, warm-up apart. */
export interface HeapTrial extends HeapLoadTally {
  /** Mean of what was committed. */
  committedBytes: number;
  /** Mean of what the adapter took for needed. */
  needBytes: number;
  /** Time on a core of the collector's threads. */
  collectorCpuS: number;
  elapsedS: number;
  /** Ceilings that were set. */
  changes: number;
}

/**
 * One real JVM under ZGC with a seeded load, ruled by a controller or of fixed size. Both are
 * looked at in the same way, ten times a second.
 */
export async function runHeapTrial(options: HeapTrialOptions): Promise<HeapTrial> {
  const { compiled, load, minBytes, staticBytes, control, signal } = options;
  const max = staticBytes ?? options.maxBytes;
  const jvm = await LoadJvm.start(compiled, heapFlagsOf(options));
  const looked = new LookedAt(new Jcmd({ jvm: jvm.pid, deadlineMs: patienceMs }));
  const resource = new JvmHeap({ access: looked, min: Math.min(minBytes, max), max });
  const mode = staticBytes === undefined ? control?.mode : 'observe';
  const settings = { ...resourceDefaults.memory, deadlineMs: patienceMs, ...control };
  const controller = new Controller({ ...settings, resource, mode });
  try {
    // The first look waits for a JVM that is not up yet.
    await resource.measure(AbortSignal.timeout(patienceMs));
    const played = jvm.play(load, signal);
    controller.start();
    const warm = setTimeout(
      () => looked.startCounting(() => resource.metrics().needBytes ?? 0),
      load.warmTicks * load.tickMs,
    );
    const tally = await played.finally(() => clearTimeout(warm));
    const counted = looked.counted();
    await controller.stop();
    return { ...tally, ...counted };
  } finally {
    await controller.stop();
    await jvm.stop();
  }
}

function heapFlagsOf(options: HeapTrialOptions): string[] {
  const { maxBytes, minBytes, staticBytes, uncommitSeconds = 5 } = options;
  const softBytes = staticBytes ?? options.startBytes ?? maxBytes;
  const mib = (bytes: number) => `${Math.round(bytes / mebibyte)}m`;
  return [
    '-XX:+UseZGC',
    `-Xms${mib(staticBytes ?? minBytes)}`,
    `-Xmx${mib(staticBytes ?? maxBytes)}`,
    `-XX:SoftMaxHeapSize=${mib(softBytes)}`,
    `-XX:ZUncommitDelay=${uncommitSeconds}`,
  ];
}

/** Adds up what each look at a JVM shows. */
class LookedAt implements JvmAccess {
  readonly #access: JvmAccess;
  #needOf: (() => number) | undefined;
  #first: { nowMs: number; cpuMs: number } | undefined;
  #newest = { nowMs: 0, cpuMs: 0 };
  #looks = 0;
  #committedBytes = 0;
  #needBytes = 0;
  #changes = 0;

  constructor(access: JvmAccess) {
    this.#access = access;
  }

  /** @param needOf what the newest look came to */
  startCounting(needOf: () => number): void {
    this.#needOf = needOf;
  }

  async read(signal: AbortSignal): Promise<JvmReading> {
    const reading = await this.#access.read(signal);
    if (this.#needOf === undefined) return reading;
    this.#newest = { nowMs: performance.now(), cpuMs: reading.collectorCpuMs ?? Number.NaN };
    this.#first ??= this.#newest;
    this.#looks++;
    this.#committedBytes += reading.committedBytes;
    this.#needBytes += this.#needOf();
    return reading;
  }

  async setFlag(flag: HeapFlag, value: number, signal: AbortSignal): Promise<void> {
    await this.#access.setFlag(flag, value, signal);
    if (flag === 'SoftMaxHeapSize' && this.#needOf !== undefined) this.#changes++;
  }

  async collect(signal: AbortSignal): Promise<void> {
    await this.#access.collect(signal);
  }

  counted(): Omit<HeapTrial, keyof HeapLoadTally> {
    const first = this.#first ?? this.#newest;
    return {
      committedBytes: this.#committedBytes / this.#looks,
      needBytes: this.#needBytes / this.#looks,
      collectorCpuS: (this.#newest.cpuMs - first.cpuMs) / 1_000,
      elapsedS: (this.#newest.nowMs - first.nowMs) / 1_000,
      changes: this.#changes,
    };
  }
}
