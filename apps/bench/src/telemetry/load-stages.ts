import {
  bucketsCount,
  bucketsQuantile,
  bucketsSince,
  type HistogramBuckets,
  histogramBuckets,
} from '../prometheus-text.ts';
import { runDelayMsOf, stolenMsByCore } from './process-waits.ts';

/** Processes of a run, as they are named in reports. */
export type Processes = Readonly<Record<'telemetry' | 'redis' | 'reader' | 'bench', number>>;

/** Where the time of the samples of a load went, and what else took time meanwhile. */
export interface LoadStages {
  /** End of a sample's interval to its message being in telemetry, by its buckets, milliseconds. */
  receivedMs: { p50: number; p99: number };
  /** The same to Redis having answered, as telemetry sees it. */
  storedMs: { p50: number; p99: number };
  /** Pauses of telemetry's collector above 5 ms. */
  servicePauses: number;
  /** Share of the time each process was ready to run and others had its processor. */
  runDelay: Readonly<Record<keyof Processes, number>>;
  /** Share of a processor that the host of a virtual machine took, the worst processor's. */
  stolen: number;
}

/** Counts at one moment, of which two make `LoadStages`. */
export interface StageCounts {
  received: HistogramBuckets;
  stored: HistogramBuckets;
  pauses: HistogramBuckets;
}

/** The counts that a telemetry has by its metrics. */
export function stageCounts(metricsText: string): StageCounts {
  return {
    received: histogramBuckets(metricsText, 'levitate_telemetry_message_age_seconds'),
    stored: histogramBuckets(metricsText, 'levitate_telemetry_sample_to_window_seconds'),
    pauses: histogramBuckets(metricsText, 'nodejs_gc_duration_seconds'),
  };
}

/** What happened between two readings of a telemetry. Pure. */
export function stagesBetween(
  before: StageCounts,
  after: StageCounts,
): Pick<LoadStages, 'receivedMs' | 'storedMs' | 'servicePauses'> {
  const pauses = bucketsSince(before.pauses, after.pauses);
  return {
    receivedMs: quantilesMs(bucketsSince(before.received, after.received)),
    storedMs: quantilesMs(bucketsSince(before.stored, after.stored)),
    servicePauses: bucketsCount(pauses) - (pauses.get(PAUSE_SECONDS) ?? 0),
  };
}

/** What kept processes from running, from when it is made on. */
export class RunWaits {
  readonly #processes: Processes;
  readonly #startMs = performance.now();
  readonly #delays: Record<keyof Processes, number>;
  readonly #stolenMs = stolenMsByCore();

  /** @param processes their ids */
  constructor(processes: Processes) {
    this.#processes = processes;
    this.#delays = delaysOf(processes);
  }

  /** Shares of the time so far. */
  get shares(): Pick<LoadStages, 'runDelay' | 'stolen'> {
    const elapsedMs = performance.now() - this.#startMs;
    const now = delaysOf(this.#processes);
    const share = (name: keyof Processes): number => (now[name] - this.#delays[name]) / elapsedMs;
    const stolen = [...stolenMsByCore()].map(
      ([processor, ms]) => (ms - (this.#stolenMs.get(processor) ?? 0)) / elapsedMs,
    );
    return {
      runDelay: {
        telemetry: share('telemetry'),
        redis: share('redis'),
        reader: share('reader'),
        bench: share('bench'),
      },
      stolen: Math.max(0, ...stolen),
    };
  }
}

/** An edge of the buckets that every service has of its pauses. */
const PAUSE_SECONDS = 0.005;

function quantilesMs(seconds: HistogramBuckets): { p50: number; p99: number } {
  const at = (q: number): number => 1000 * (bucketsQuantile(seconds, q) ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

function delaysOf({ telemetry, redis, reader, bench }: Processes) {
  return {
    telemetry: runDelayMsOf(telemetry),
    redis: runDelayMsOf(redis),
    reader: runDelayMsOf(reader),
    bench: runDelayMsOf(bench),
  };
}
