/** Most requests that wait at once; what comes beyond is turned away. A power of two. */
export const waitingMax = 8192;

/** Requests that wait, in the order in which they came: a ring of typed arrays. */
export class WaitingLine {
  readonly #arrivedMs = new Float64Array(waitingMax);
  readonly #ownMs = new Float64Array(waitingMax);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === waitingMax;
  }

  /** When the first in line came; the line is not empty. */
  get arrivedMs(): number {
    return this.#arrivedMs[this.#head] as number;
  }

  /** Own service of the first in line, milliseconds. */
  get ownMs(): number {
    return this.#ownMs[this.#head] as number;
  }

  /** The line is not full. */
  push(arrivedMs: number, ownMs: number): void {
    const at = (this.#head + this.#size++) & (waitingMax - 1);
    this.#arrivedMs[at] = arrivedMs;
    this.#ownMs[at] = ownMs;
  }

  /** Remove the first in line. */
  shift(): void {
    this.#head = (this.#head + 1) & (waitingMax - 1);
    this.#size--;
  }
}
