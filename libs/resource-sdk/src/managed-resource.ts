import type { ResourceFacts, ResourceMeasurement } from '@levitate/control';

/** What stood before the first change. */
export interface NotedOriginal {
  size: number;
  /** What `snapshot` said then. */
  snapshot?: string | undefined;
}

/** @see ManagedResource.restore */
// biome-ignore lint/suspicious/noConfusingVoidType: a resource that returns nothing restores all.
type RestoredSize = number | void;

/**
 * Whatever has a size that can be changed while it runs: threads, connections, bytes of a heap.
 * Three things are asked of it: what it is, how it is doing, and to be of another size.
 */
export interface ManagedResource extends ResourceFacts {
  /** Unique in its process; letters, digits, `.`, `-` and `_`: the original is kept under it. */
  readonly name: string;
  /** What its sizes count, for people: `threads`. */
  readonly unit: string;
  /**
   * How it is doing since it was asked last.
   * @throws whatever keeps it from knowing; it is taken for no measurement
   */
  measure(signal: AbortSignal): ResourceMeasurement | Promise<ResourceMeasurement>;
  /**
   * Take another size; may return before it is usable. The next measurements show what came of it.
   * @throws whatever keeps it from that; counted as a failure
   */
  apply(size: number, signal: AbortSignal): void | Promise<void>;
  /**
   * What else `apply` changes, as text, so that `restore` can put it back: weights, flags. Noted
   * beside the size before the first change. Left out: the size is all there is.
   */
  snapshot?(signal: AbortSignal): string | Promise<string>;
  /**
   * Put back what was noted. Default: `apply` with its size.
   * @returns the size that comes into force where the noted one can no longer be, such as when its
   * process was started again with less; nothing: the noted one
   */
  restore?(original: NotedOriginal, signal: AbortSignal): RestoredSize | Promise<RestoredSize>;
  /** Figures of its own, newest measurement, for metrics and people; names in camelCase. */
  metrics?(): Readonly<Record<string, number>>;
}
