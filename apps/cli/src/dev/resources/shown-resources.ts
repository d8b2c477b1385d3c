import type { LoadRange } from './load-rates.ts';

/** Memory of a JVM is asked for in these. */
const mebibyte = 2 ** 20;

/** One kind of resource as `levitate dev --resources` shows it. */
export interface ShownResource {
  /** Of its target, its process and its folder. */
  readonly name: string;
  /** As the controller's configuration calls it. */
  readonly kind: 'thread_pool' | 'memory' | 'connection_pool' | 'load_balancer';
  readonly min: number;
  readonly max: number;
  /** Of a size for people: what it counts, and how many of its own are one of those. */
  readonly unit: readonly [words: string, size: number];
  readonly load: LoadRange;
}

/** Port that each takes, or the next one that is free; none: it listens on none. */
export const resourcePorts = { 'worker-pool': 7415, pgbouncer: 7416 } as const;

/** Tasks that hold a thread for 60 ms on the mean: 1 to 8 threads, and more where they cluster. */
export const workerPool = {
  name: 'worker-pool',
  kind: 'thread_pool',
  min: 2,
  max: 24,
  unit: ['threads', 1],
  originalThreads: 4,
  taskMs: 60,
  load: { low: 20, high: 140 },
} satisfies ShownResource & Record<string, unknown>;

/** Requests that allocate half a mebibyte and hold a part of it for a second. */
export const jvmHeap = {
  name: 'jvm-heap',
  kind: 'memory',
  min: 64 * mebibyte,
  max: 512 * mebibyte,
  unit: ['MiB', mebibyte],
  baseBytes: 24 * mebibyte,
  requestBytes: mebibyte / 2,
  heldBytes: mebibyte / 4,
  heldMs: 1_000,
  load: { low: 20, high: 120 },
} satisfies ShownResource & Record<string, unknown>;

/** Queries that hold a connection for 80 ms on the mean. */
export const connectionPool = {
  name: 'pgbouncer',
  kind: 'connection_pool',
  min: 2,
  max: 40,
  unit: ['connections', 1],
  originalConnections: 8,
  queryMs: 80,
  load: { low: 20, high: 150 },
} satisfies ShownResource & Record<string, unknown>;

/** Servers that answer 20 requests a second each, one after the other. */
export const loadBalancer = {
  name: 'haproxy',
  kind: 'load_balancer',
  min: 20,
  max: 120,
  unit: ['requests/s', 1],
  servers: 6,
  serverRequestsPerSecond: 20,
  serverWeight: 100,
  load: { low: 12, high: 75 },
} satisfies ShownResource & Record<string, unknown>;

/** All of them, in the order in which they are told; buffers are the lanes. */
export const shownResources: readonly ShownResource[] = [
  workerPool,
  jvmHeap,
  connectionPool,
  loadBalancer,
];
