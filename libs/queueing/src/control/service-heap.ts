/**
 * Requests in service by the work at which they finish, least first: a binary heap in three typed
 * arrays, so that an event allocates nothing.
 */
export class ServiceHeap {
  readonly #finish: Float64Array;
  readonly #arrivedMs: Float64Array;
  readonly #ownMs: Float64Array;
  #size = 0;

  /** @param capacity most requests at once */
  constructor(capacity: number) {
    this.#finish = new Float64Array(capacity);
    this.#arrivedMs = new Float64Array(capacity);
    this.#ownMs = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Of the first to finish; the heap is not empty. */
  get finish(): number {
    return this.#finish[0] as number;
  }

  /** When the first to finish came. */
  get arrivedMs(): number {
    return this.#arrivedMs[0] as number;
  }

  /** Own service of the first to finish, milliseconds. */
  get ownMs(): number {
    return this.#ownMs[0] as number;
  }

  push(finish: number, arrivedMs: number, ownMs: number): void {
    const keys = this.#finish;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if ((keys[parent] as number) <= finish) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#put(hole, finish, arrivedMs, ownMs);
  }

  /** Remove the first to finish. */
  pop(): void {
    const keys = this.#finish;
    const last = --this.#size;
    const finish = keys[last] as number;
    let hole = 0;
    for (let child = 1; child < last; child = 2 * hole + 1) {
      if (child + 1 < last && (keys[child + 1] as number) < (keys[child] as number)) child++;
      if ((keys[child] as number) >= finish) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#put(hole, finish, this.#arrivedMs[last] as number, this.#ownMs[last] as number);
  }

  #move(from: number, to: number): void {
    this.#put(
      to,
      this.#finish[from] as number,
      this.#arrivedMs[from] as number,
      this.#ownMs[from] as number,
    );
  }

  #put(at: number, finish: number, arrivedMs: number, ownMs: number): void {
    this.#finish[at] = finish;
    this.#arrivedMs[at] = arrivedMs;
    this.#ownMs[at] = ownMs;
  }
}
