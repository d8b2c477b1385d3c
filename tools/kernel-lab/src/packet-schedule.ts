/** Packets one flow must have sent by now, and how long the oldest of them has been due. */
export interface DuePackets {
  flow: number;
  packets: number;
}

/**
 * What several flows must send, millisecond by millisecond, and what of it is due. Pure: counts
 * come in ahead of time as chunks, the clock comes in as an argument. A step is due once its
 * millisecond is over.
 */
export class PacketSchedule {
  readonly #flows: FlowChunks[];
  /** First step not yet taken. */
  #nextStep = 0;

  constructor(flowCount: number) {
    this.#flows = Array.from({ length: flowCount }, () => ({ chunks: [], knownSteps: 0 }));
  }

  /** First step not yet taken: what is due starts here. */
  get nextStep(): number {
    return this.#nextStep;
  }

  /** Append the counts of the next `counts.length` milliseconds of one flow. */
  append(flow: number, counts: Uint16Array): void {
    const chunks = this.#flows[flow];
    if (chunks === undefined) throw new RangeError(`flow ${flow} of ${this.#flows.length}`);
    chunks.chunks.push({ firstStep: chunks.knownSteps, counts });
    chunks.knownSteps += counts.length;
  }

  /** Steps of the flow that is known least far ahead. */
  get knownSteps(): number {
    return Math.min(...this.#flows.map((flow) => flow.knownSteps));
  }

  /**
   * Take what is due at `elapsedMs` after the start, but at most `stepsMax` steps; several overdue
   * steps are taken as one. Steps beyond what is known are not taken: the caller sees `nextStep`
   * fall behind.
   */
  take(elapsedMs: number, stepsMax = Number.POSITIVE_INFINITY): DuePackets[] {
    const end = Math.min(Math.floor(elapsedMs), this.knownSteps, this.#nextStep + stepsMax);
    if (end <= this.#nextStep) return [];
    const due: DuePackets[] = [];
    this.#flows.forEach((chunks, flow) => {
      const packets = sumUntil(chunks, { first: this.#nextStep, end });
      if (packets > 0) due.push({ flow, packets });
    });
    this.#nextStep = end;
    return due;
  }
}

interface FlowChunks {
  chunks: { firstStep: number; counts: Uint16Array }[];
  knownSteps: number;
}

/** Sum the counts of steps [first, end) and let go of chunks that are used up. */
function sumUntil(flow: FlowChunks, range: { first: number; end: number }): number {
  let sum = 0;
  for (const { firstStep, counts } of flow.chunks) {
    const from = Math.max(0, range.first - firstStep);
    const to = Math.min(counts.length, range.end - firstStep);
    for (let i = from; i < to; i++) sum += counts[i] ?? 0;
  }
  while (flow.chunks[0] && flow.chunks[0].firstStep + flow.chunks[0].counts.length <= range.end) {
    flow.chunks.shift();
  }
  return sum;
}
