/** What the sending thread counts for one lane. */
export interface LaneCounters {
  /** Full-size UDP packets handed to the kernel. */
  packets: number;
  probesSent: number;
  probesReceived: number;
  /** Bytes of the background flow that its sender's socket took. */
  backgroundAcceptedBytes: number;
  /** Bytes of the background flow that arrived. */
  backgroundDeliveredBytes: number;
}

/** What the sending thread counts for the whole of the traffic. */
export interface ThreadCounters {
  /** Wall clock of step 0, Unix milliseconds; 0 before the start. */
  startUnixMs: number;
  /** Milliseconds of the schedule that were sent. */
  steps: number;
  /** Processor time of the thread, the kernel's work for its packets included, ms. */
  cpuMs: number;
  /** How late a packet left at worst, ms after its millisecond was over. */
  latestMs: number;
  /** Times packets left more than 5 ms late. */
  lateTimes: number;
  /** Milliseconds for which the schedule was not known in time. */
  starvedMs: number;
  /** Messages the kernel refused to take. */
  refused: number;
}

const THREAD_FIELDS = [
  'startUnixMs',
  'steps',
  'cpuMs',
  'latestMs',
  'lateTimes',
  'starvedMs',
  'refused',
] as const satisfies (keyof ThreadCounters)[];
const LANE_FIELDS = [
  'packets',
  'probesSent',
  'probesReceived',
  'backgroundAcceptedBytes',
  'backgroundDeliveredBytes',
] as const satisfies (keyof LaneCounters)[];

/**
 * Counters that one thread writes and another reads while it runs, in memory they share: reading
 * costs the sender nothing. Each number is written whole; two of them may be a step apart.
 */
export class TrafficCounters {
  readonly memory: SharedArrayBuffer;
  readonly #values: Float64Array;

  constructor(from: { laneCount: number } | { memory: SharedArrayBuffer }) {
    this.memory =
      'memory' in from
        ? from.memory
        : new SharedArrayBuffer(8 * (THREAD_FIELDS.length + from.laneCount * LANE_FIELDS.length));
    this.#values = new Float64Array(this.memory);
  }

  get thread(): ThreadCounters {
    return Object.fromEntries(
      THREAD_FIELDS.map((field, i) => [field, this.#values[i] ?? 0]),
    ) as unknown as ThreadCounters;
  }

  lane(index: number): LaneCounters {
    const start = laneStart(index);
    return Object.fromEntries(
      LANE_FIELDS.map((field, i) => [field, this.#values[start + i] ?? 0]),
    ) as unknown as LaneCounters;
  }

  setThread(field: keyof ThreadCounters, value: number): void {
    this.#values[THREAD_FIELDS.indexOf(field)] = value;
  }

  addThread(field: keyof ThreadCounters, amount: number): void {
    const at = THREAD_FIELDS.indexOf(field);
    this.#values[at] = (this.#values[at] ?? 0) + amount;
  }

  setLane(index: number, field: keyof LaneCounters, value: number): void {
    this.#values[laneStart(index) + LANE_FIELDS.indexOf(field)] = value;
  }

  addLane(index: number, field: keyof LaneCounters, amount: number): void {
    const at = laneStart(index) + LANE_FIELDS.indexOf(field);
    this.#values[at] = (this.#values[at] ?? 0) + amount;
  }
}

function laneStart(index: number): number {
  return THREAD_FIELDS.length + index * LANE_FIELDS.length;
}
