/** Collectors of HotSpot whose heap can be ruled from outside. */
export type Collector = 'z' | 'shenandoah' | 'g1' | 'parallel' | 'serial';

/** Flags by which a running heap is sized; bytes, and twice percent of the heap that is free. */
export const heapFlags = ['SoftMaxHeapSize', 'MinHeapFreeRatio', 'MaxHeapFreeRatio'] as const;

/** @see heapFlags */
export type HeapFlag = (typeof heapFlags)[number];

/** One look at a JVM's heap. */
export interface JvmReading {
  /** Which run of it this is: process id and start. */
  instance: string;
  collector: Collector;
  /** Its own clock, ms: stands still where a cache answers in its place. */
  uptimeMs?: number | undefined;
  /** Live objects and garbage that is not collected yet, bytes. */
  usedBytes: number;
  /** What the heap has of the operating system, bytes. */
  committedBytes: number;
  /** `-Xmx`, bytes. */
  maxBytes: number;
  /** Those this JVM knows. */
  flags: Partial<Record<HeapFlag, number>>;
  /** Collections since its start, concurrent cycles counted once; undefined: it does not say. */
  collections?: number | undefined;
  /** Time in which one was under way since its start, ms; undefined: it does not say. */
  collectingMs?: number | undefined;
  /** Time on a core of the threads that collect since its start, ms; undefined: it does not say. */
  collectorCpuMs?: number | undefined;
  /** What the last whole collection left in use, bytes, where that is told. */
  usedAfterBytes?: number | undefined;
}

/** How a JVM is reached. Everything waits for `signal` at most, and for a deadline of its own. */
export interface JvmAccess {
  /** @throws {JvmError} */
  read(signal: AbortSignal): Promise<JvmReading>;
  /** @throws {JvmError} `not-manageable`: as it was */
  setFlag(flag: HeapFlag, value: number, signal: AbortSignal): Promise<void>;
  /** Collect the whole heap now; for collectors that are not concurrent everything stands still. */
  collect(signal: AbortSignal): Promise<void>;
}
