import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { namespacePath } from '@levitate/kernel';
import type { KernelLab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { type LaneCounters, type ThreadCounters, TrafficCounters } from './traffic-counters.ts';
import type {
  DelayBatch,
  FromTrafficThread,
  LateMoment,
  ToTrafficThread,
  TrafficThreadData,
} from './traffic-messages.ts';

/** Packets of one flow, millisecond after millisecond, without end. */
export interface PacketSource {
  /**
   * Counts of packets in the next `steps` milliseconds; the call after continues where this ended.
   */
  next(steps: number): Uint16Array;
}

/** One flow and the lanes that all get its every packet, at the same time. */
export interface TrafficFlow {
  /** Names of lanes of the lab; a lane belongs to at most one flow. */
  lanes: readonly string[];
  source: PacketSource;
}

/** What to send through a lab. */
export interface TrafficRequest {
  lab: KernelLab;
  flows: readonly TrafficFlow[];
  /** Milliseconds between delay probes on every lane; default 20, `false` for none. */
  probeIntervalMs?: number | false | undefined;
  /** Limit of the background TCP flow of every lane, bits/s; default none. */
  backgroundBitsPerSecond?: number | undefined;
  /** Probes that arrived, about twice a second. */
  onDelays?: ((delays: DelayBatch) => void) | undefined;
  /** Ends the traffic as `stop` does. */
  signal?: AbortSignal | undefined;
}

/** What was sent and how well the sender kept to its schedule. */
export interface TrafficReport extends ThreadCounters {
  lanes: ({ name: string } & LaneCounters)[];
  /** Moments when packets left more than 5 ms late, the first 1,000 per half second. */
  late: LateMoment[];
  /**
   * Packets that this host's network stack dropped before any queue (softnet backlog) meanwhile;
   * with any, the lanes did not all get the same traffic.
   */
  hostDroppedPackets: number;
  /** Whether the run counts: never later than `LATENESS_MAX_MS`, nothing starved or dropped. */
  isValid: boolean;
}

/** Traffic on its way. */
export interface TrafficRun {
  /** Wall clock of the schedule's step 0, Unix milliseconds. */
  readonly startUnixMs: number;
  /** Resolves with the last report after `stop`; rejects when the sending thread fails. */
  readonly finished: Promise<TrafficReport>;
  /** Counters as they stand; cheap. */
  report(): TrafficReport;
  /** Stop sending and let go of every socket. */
  stop(): Promise<TrafficReport>;
}

/** A run in which a packet left later than this after its millisecond is void. */
export const LATENESS_MAX_MS = 50;

const PROBE_INTERVAL_MS = 20;
/** The thread knows its schedule this far ahead, so a busy owner does not starve it. */
const AHEAD_MS = 4_000;
const CHUNK_MS = 1_000;
const REFILL_INTERVAL_MS = 500;

/**
 * Send traffic through a lab from a thread of this process: 1,500-byte UDP packets on schedule, the
 * same for all lanes of a flow, and beside them delay probes and background TCP flows.
 *
 * @throws LabError `invalid-lab` for a lane that is not there or in two flows,
 *   `system-call-failed` when a socket cannot be made
 */
export async function startTraffic(request: TrafficRequest): Promise<TrafficRun> {
  const driver = new TrafficDriver(request);
  await driver.start();
  return driver;
}

class TrafficDriver implements TrafficRun {
  readonly finished: Promise<TrafficReport>;
  readonly #request: TrafficRequest;
  readonly #counters: TrafficCounters;
  readonly #worker: Worker;
  readonly #late: LateMoment[] = [];
  readonly #hostDropsAtStart = readHostDrops();
  #sentAheadMs = 0;
  #refill: NodeJS.Timeout | undefined;
  #resolveReady: () => void = () => {};
  #settleFinished: { resolve(report: TrafficReport): void; reject(cause: Error): void };

  constructor(request: TrafficRequest) {
    this.#request = request;
    const { lanes, namespaces } = request.lab.layout;
    this.#counters = new TrafficCounters({ laneCount: lanes.length });
    const settle = Promise.withResolvers<TrafficReport>();
    this.finished = settle.promise;
    this.#settleFinished = settle;
    this.finished.catch(() => {}); // Who cares asks for it; `start` and `stop` reject as well.
    const interval = request.probeIntervalMs ?? PROBE_INTERVAL_MS;
    const data: TrafficThreadData = {
      namespaces: {
        source: namespacePath(namespaces.source),
        destination: namespacePath(namespaces.destination),
      },
      lanes,
      flows: laneIndexes(request),
      probeIntervalMs: interval === false ? undefined : interval,
      backgroundBitsPerSecond: request.backgroundBitsPerSecond,
      counters: this.#counters.memory,
    };
    this.#worker = new Worker(new URL('./traffic-thread.ts', import.meta.url), {
      workerData: data,
      name: 'kernel-lab-traffic',
    });
    this.#worker.on('message', (message: FromTrafficThread) => this.#receive(message));
    this.#worker.on('error', (cause: Error) => this.#fail(cause));
    this.#worker.on('exit', () => this.#fail(new Error('it ended')));
  }

  get startUnixMs(): number {
    return this.#counters.thread.startUnixMs;
  }

  async start(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      this.#resolveReady = resolve;
    });
    await Promise.race([ready, this.finished]);
    this.#sendAhead();
    this.#tell({ type: 'start' });
    this.#refill = setInterval(() => this.#sendAhead(), REFILL_INTERVAL_MS);
    this.#request.signal?.addEventListener('abort', () => void this.stop().catch(() => {}), {
      once: true,
    });
  }

  report(): TrafficReport {
    const thread = this.#counters.thread;
    const hostDroppedPackets = readHostDrops() - this.#hostDropsAtStart;
    return {
      ...thread,
      lanes: this.#request.lab.layout.lanes.map(({ name, index }) => ({
        name,
        ...this.#counters.lane(index),
      })),
      late: [...this.#late],
      hostDroppedPackets,
      isValid:
        thread.latestMs <= LATENESS_MAX_MS &&
        thread.starvedMs === 0 &&
        thread.refused === 0 &&
        hostDroppedPackets === 0,
    };
  }

  stop(): Promise<TrafficReport> {
    clearInterval(this.#refill);
    this.#tell({ type: 'stop' });
    return this.finished;
  }

  #receive(message: FromTrafficThread): void {
    if (message.type === 'ready') {
      this.#resolveReady();
      return;
    }
    this.#late.push(...message.late);
    if (message.delays.lane.length > 0) this.#request.onDelays?.(message.delays);
    if (message.type === 'stopped') this.#settleFinished.resolve(this.report());
  }

  #fail(cause: Error): void {
    clearInterval(this.#refill);
    const text = `the sending thread failed: ${cause.message}`;
    this.#settleFinished.reject(new LabError('system-call-failed', text, { cause }));
  }

  #sendAhead(): void {
    const elapsedMs = this.startUnixMs === 0 ? 0 : this.#counters.thread.steps;
    while (this.#sentAheadMs < elapsedMs + AHEAD_MS) {
      this.#request.flows.forEach(({ source }, flow) => {
        const counts = source.next(CHUNK_MS);
        if (counts.length !== CHUNK_MS) {
          throw new RangeError(`a source gave ${counts.length} steps, asked: ${CHUNK_MS}`);
        }
        this.#tell({ type: 'counts', flow, counts });
      });
      this.#sentAheadMs += CHUNK_MS;
    }
  }

  #tell(message: ToTrafficThread): void {
    this.#worker.postMessage(message);
  }
}

function laneIndexes(request: TrafficRequest): number[][] {
  const indexes = new Map(request.lab.layout.lanes.map(({ name, index }) => [name, index]));
  return request.flows.map((flow) =>
    flow.lanes.map((name) => {
      const index = indexes.get(name);
      if (index === undefined) {
        const text = `lane "${name}" is not in the lab "${request.lab.layout.id}", or in two flows`;
        throw new LabError('invalid-lab', text);
      }
      indexes.delete(name);
      return index;
    }),
  );
}

/** Packets dropped at the door of the network stack on all processors (second column, hex). */
function readHostDrops(): number {
  const lines = readFileSync('/proc/net/softnet_stat', 'utf8').trim().split('\n');
  return lines.reduce((sum, line) => sum + Number.parseInt(line.split(/\s+/)[1] ?? '0', 16), 0);
}
