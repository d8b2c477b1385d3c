/** Inferences a second of late: those of the last `SPAN_MS`. */
export class RequestRate {
  readonly #nowMs: () => number;
  readonly #buckets = new Map<number, number>();

  /** @param nowMs monotonic */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Counts some more. @returns the rate with them */
  add(count: number): number {
    const bucket = Math.floor(this.#nowMs() / BUCKET_MS);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
    let sum = 0;
    for (const [at, counted] of this.#buckets) {
      if (at <= bucket - SPAN_MS / BUCKET_MS || at > bucket) this.#buckets.delete(at);
      else sum += counted;
    }
    return (sum * 1000) / SPAN_MS;
  }
}

const SPAN_MS = 5_000;
const BUCKET_MS = 500;
