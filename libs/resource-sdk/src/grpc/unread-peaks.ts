import type { ResourceMeasurement } from '@levitate/control';

/** Readers whose peaks are kept; the one that has not read for longest is forgotten first. */
const readersMax = 16;

/**
 * Peaks for readers that do not know of each other. A resource says what was asked of it since it
 * was asked last, by whomever: a second controller that only looks, or a person, would take the
 * peaks away from the one that rules.
 */
export class UnreadPeaks {
  /** What each reader has not read yet; in the order of their reading. */
  readonly #unread = new Map<string, ResourceMeasurement | undefined>();

  /** From now on keep the peaks of this reader. */
  follow(reader: string): void {
    const unread = this.#unread.get(reader);
    this.#unread.delete(reader);
    this.#unread.set(reader, unread);
    const [oldest] = this.#unread.keys();
    if (this.#unread.size > readersMax && oldest !== undefined) this.#unread.delete(oldest);
  }

  /** The resource was measured. */
  add(measured: ResourceMeasurement): void {
    for (const [reader, unread] of this.#unread) {
      this.#unread.set(reader, unread === undefined ? measured : peakOf(unread, measured));
    }
  }

  /** @returns what this reader has not read, or else what was measured last */
  take(reader: string, last: ResourceMeasurement): ResourceMeasurement {
    const unread = this.#unread.get(reader) ?? last;
    if (this.#unread.has(reader)) this.#unread.set(reader, undefined);
    return unread;
  }
}

/** Of what adds up the larger, of all else the newer. */
function peakOf(before: ResourceMeasurement, now: ResourceMeasurement): ResourceMeasurement {
  return {
    ...now,
    need: Math.max(before.need, now.need),
    rejected: larger(before.rejected, now.rejected),
    delayS: larger(before.delayS, now.delayS),
  };
}

function larger(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
