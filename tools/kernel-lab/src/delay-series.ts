import type { DelayBatch } from './traffic-messages.ts';

/** A span of wall-clock time, Unix milliseconds, end excluded. */
export interface TimeSpan {
  fromUnixMs: number;
  toUnixMs: number;
}

/**
 * One-way delays of every lane over a whole run, from the batches of `onDelays`.
 *
 * Bounded: beyond `probesMax` probes per lane (default 100,000: half an hour at 20 ms) the newest
 * are left out and counted.
 */
export class DelaySeries {
  readonly #lanes: { sentUnixMs: number[]; delayMs: number[] }[];
  readonly #probesMax: number;
  /** Probes left out because a lane was full. */
  leftOut = 0;

  constructor(options: { laneCount: number; probesMax?: number | undefined }) {
    this.#probesMax = options.probesMax ?? 100_000;
    this.#lanes = Array.from({ length: options.laneCount }, () => ({
      sentUnixMs: [],
      delayMs: [],
    }));
  }

  add(batch: DelayBatch): void {
    batch.lane.forEach((index, i) => {
      const lane = this.#lanes[index];
      if (lane === undefined || lane.delayMs.length >= this.#probesMax) {
        this.leftOut++;
        return;
      }
      lane.sentUnixMs.push(batch.sentUnixMs[i] ?? 0);
      lane.delayMs.push(batch.delayMs[i] ?? 0);
    });
  }

  /** Delays of one lane in milliseconds, in the order of arrival. */
  delays(lane: number, span?: TimeSpan): number[] {
    return this.points(lane, span).map((point) => point.delayMs);
  }

  /** Delays of one lane with the time each probe was sent. */
  points(lane: number, span?: TimeSpan): { sentUnixMs: number; delayMs: number }[] {
    const series = this.#lanes[lane];
    if (series === undefined) return [];
    const { fromUnixMs, toUnixMs } = span ?? { fromUnixMs: 0, toUnixMs: Infinity };
    return series.sentUnixMs.flatMap((sentUnixMs, i) =>
      sentUnixMs >= fromUnixMs && sentUnixMs < toUnixMs
        ? [{ sentUnixMs, delayMs: series.delayMs[i] ?? 0 }]
        : [],
    );
  }
}
