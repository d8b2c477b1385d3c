import type { LaneAddresses } from './lab-layout.ts';

/** What the sending thread is told at its birth. */
export interface TrafficThreadData {
  /** Paths of the two ends' namespaces. */
  namespaces: { source: string; destination: string };
  lanes: readonly LaneAddresses[];
  /** Lanes of each flow, by index: all of them get the flow's every packet. */
  flows: readonly (readonly number[])[];
  /** Milliseconds between probes, `undefined` for none. */
  probeIntervalMs: number | undefined;
  /** Rate limit of the background flows, bits/s, `undefined` for none. */
  backgroundBitsPerSecond: number | undefined;
  /** Memory of `TrafficCounters`. */
  counters: SharedArrayBuffer;
}

/** What the owner tells the sending thread. */
export type ToTrafficThread =
  | { type: 'counts'; flow: number; counts: Uint16Array }
  | { type: 'start' }
  | { type: 'stop' };

/** What the sending thread tells its owner. */
export type FromTrafficThread =
  | { type: 'ready' }
  | { type: 'delays'; delays: DelayBatch; late: LateMoment[] }
  | { type: 'stopped'; delays: DelayBatch; late: LateMoment[] };

/** Probes that arrived, column by column. */
export interface DelayBatch {
  lane: Uint16Array;
  sentUnixMs: Float64Array;
  delayMs: Float32Array;
}

/** A moment when packets left more than 5 ms late. */
export interface LateMoment {
  /** Milliseconds of the schedule. */
  atMs: number;
  lateMs: number;
}
