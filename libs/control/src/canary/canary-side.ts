/** What one host measured in one interval. */
export interface CanaryReading {
  arrivedBytes: number;
  droppedBytes: number;
  /** Longest queueing delay of the interval; undefined: not known. */
  delayMs?: number | undefined;
}

/** Sums of one side, as they survive a restart. */
export interface CanarySideRecord {
  arrivedBytes: number;
  droppedBytes: number;
  /** Arrived bytes by bin of their interval's delay, as [bin, bytes]. */
  delays: [number, number][];
}

/** Bins of delay grow by a twentieth; the first ends at 0.1 ms. */
const growth = 1.05;
const leastMs = 0.1;
/** The last bin: two minutes and more. */
const binMax = 287;

/** Drops and delay of the hosts on one side of a comparison: sums, and a histogram within 5 %. */
export class CanarySide {
  #arrivedBytes: number;
  #droppedBytes: number;
  readonly #delays: Map<number, number>;

  constructor(record?: CanarySideRecord) {
    this.#arrivedBytes = record?.arrivedBytes ?? 0;
    this.#droppedBytes = record?.droppedBytes ?? 0;
    this.#delays = new Map(record?.delays);
  }

  get record(): CanarySideRecord {
    const delays = [...this.#delays];
    return { arrivedBytes: this.#arrivedBytes, droppedBytes: this.#droppedBytes, delays };
  }

  get arrivedBytes(): number {
    return this.#arrivedBytes;
  }

  /** Dropped over arrived, 0..1; 0 where nothing arrived. */
  get dropShare(): number {
    return this.#arrivedBytes === 0 ? 0 : this.#droppedBytes / this.#arrivedBytes;
  }

  /** Delay that 99 % of the arrived bytes did not exceed, ms; 0 where none is known. */
  get p99DelayMs(): number {
    let total = 0;
    for (const bytes of this.#delays.values()) total += bytes;
    let above = total / 100;
    for (const [bin, bytes] of [...this.#delays].sort(([one], [other]) => other - one)) {
      above -= bytes;
      if (above < 0) return bin === 0 ? leastMs : leastMs * growth ** bin;
    }
    return 0;
  }

  /** What cannot be (no number, negative, more dropped than arrived) is left out. */
  add({ arrivedBytes, droppedBytes, delayMs }: CanaryReading): void {
    if (!(arrivedBytes > 0 && Number.isFinite(arrivedBytes))) return;
    if (!(droppedBytes >= 0 && droppedBytes <= arrivedBytes)) return;
    this.#arrivedBytes += arrivedBytes;
    this.#droppedBytes += droppedBytes;
    if (delayMs === undefined || !(delayMs >= 0 && Number.isFinite(delayMs))) return;
    const bin = delayMs <= leastMs ? 0 : Math.ceil(Math.log(delayMs / leastMs) / Math.log(growth));
    const bounded = Math.min(binMax, bin);
    this.#delays.set(bounded, (this.#delays.get(bounded) ?? 0) + arrivedBytes);
  }
}
