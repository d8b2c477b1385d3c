import type { LaneSample } from './view.ts';

/** Onsets kept per lane. */
const onsetsMax = 64;
/** Two predictions of onsets closer than this are of the same burst. */
const sameOnsetMs = 2_000;

/**
 * The newest samples of one link in order of time, bounded. The same sample comes twice, from the
 * agent at once and with its forecast from the controller a little later: the second completes
 * the first.
 */
export class LaneWindow {
  readonly capacity: number;
  #samples: LaneSample[] = [];
  #changedFromUnixMs = Number.POSITIVE_INFINITY;
  #onsetsUnixMs: number[] = [];
  lost = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Puts a sample in by its time. One older than a full window is dropped. */
  put(sample: LaneSample): void {
    const { timeUnixMs } = sample;
    const newest = this.#samples.at(-1);
    const oldest = this.#samples[0];
    if (newest === undefined || timeUnixMs > newest.timeUnixMs) {
      this.#samples.push(sample);
      if (this.#samples.length > this.capacity) this.#samples.shift();
    } else if (oldest !== undefined && timeUnixMs < oldest.timeUnixMs) {
      const span = newest.timeUnixMs - oldest.timeUnixMs;
      // Far back means that the source's clock was stepped: what is held belongs to another time.
      if (oldest.timeUnixMs - timeUnixMs > Math.max(span, 60_000)) {
        this.#samples = [sample];
        this.#onsetsUnixMs = [];
      } else if (this.#samples.length < this.capacity) {
        this.#samples.unshift(sample);
      } else {
        return;
      }
    } else {
      const index = this.#samples.findLastIndex((one) => one.timeUnixMs <= timeUnixMs);
      const held = this.#samples[index];
      if (held?.timeUnixMs === timeUnixMs) {
        this.#samples[index] = { ...sample, ahead: sample.ahead ?? held.ahead };
      } else {
        this.#samples.splice(index + 1, 0, sample);
        if (this.#samples.length > this.capacity) this.#samples.shift();
      }
    }
    this.#changedFromUnixMs = Math.min(this.#changedFromUnixMs, timeUnixMs);
  }

  /** Notes a predicted onset; a prediction of the same burst replaces the one before. */
  predictOnset(onsetUnixMs: number): void {
    const last = this.#onsetsUnixMs.at(-1);
    if (last !== undefined && Math.abs(onsetUnixMs - last) <= sameOnsetMs) {
      this.#onsetsUnixMs[this.#onsetsUnixMs.length - 1] = onsetUnixMs;
    } else {
      this.#onsetsUnixMs.push(onsetUnixMs);
      if (this.#onsetsUnixMs.length > onsetsMax) this.#onsetsUnixMs.shift();
    }
  }

  /** Everything held, oldest first. */
  get samples(): readonly LaneSample[] {
    return this.#samples;
  }

  /** Predicted onsets no older than the window. */
  get onsetsUnixMs(): readonly number[] {
    const from = this.#samples[0]?.timeUnixMs ?? 0;
    return this.#onsetsUnixMs.filter((onset) => onset >= from);
  }

  /** What came or changed since the last call. */
  takeChanged(): readonly LaneSample[] {
    const from = this.#changedFromUnixMs;
    this.#changedFromUnixMs = Number.POSITIVE_INFINITY;
    return this.#samples.filter(({ timeUnixMs }) => timeUnixMs >= from);
  }
}
