import type { NumberedSample } from './series-numbers.ts';

/** @see RecentSamples */
export interface RecentBounds {
  /** Age up to which a sample is recent, milliseconds. */
  ms: number;
  /** Most samples kept. */
  samplesMax: number;
}

/**
 * The last samples that were written, by batch: none of which is older, and not more samples, than
 * the bounds say. Oldest first. Packed, since there are thousands of them at all times and the
 * garbage collector need not see each.
 */
export class RecentSamples {
  readonly #bounds: RecentBounds;
  readonly #batches: PackedBatch[] = [];
  #size = 0;

  constructor(bounds: RecentBounds) {
    this.#bounds = bounds;
  }

  /** @param nowMs monotonic, milliseconds */
  add(samples: readonly NumberedSample[], nowMs: number): void {
    this.#batches.push(packed(samples, nowMs));
    this.#size += samples.length;
    const { ms, samplesMax } = this.#bounds;
    for (;;) {
      const [oldest] = this.#batches;
      if (oldest === undefined) return;
      if (this.#size <= samplesMax && oldest.atMs >= nowMs - ms) return;
      this.#size -= oldest.names.length;
      this.#batches.shift();
    }
  }

  /** Those that were recent when the last ones came, however long ago that is. */
  all(): NumberedSample[] {
    return this.#batches.flatMap(unpacked);
  }
}

interface PackedBatch {
  atMs: number;
  names: string[];
  numbers: number[];
  /** Of each value, one behind its last byte. */
  ends: number[];
  values: Buffer;
}

function packed(samples: readonly NumberedSample[], atMs: number): PackedBatch {
  let end = 0;
  return {
    atMs,
    names: samples.map(({ name }) => name),
    numbers: samples.map(({ number }) => number),
    ends: samples.map(({ value }) => {
      end += value.length;
      return end;
    }),
    values: Buffer.concat(samples.map(({ value }) => value)),
  };
}

function unpacked({ names, numbers, ends, values }: PackedBatch): NumberedSample[] {
  return names.map((name, index) => ({
    name,
    number: numbers[index] as number,
    value: values.subarray(ends[index - 1] ?? 0, ends[index]),
    id: '',
    isUnanswered: false,
  }));
}
