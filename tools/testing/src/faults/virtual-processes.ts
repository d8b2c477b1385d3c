let lastId = 0;

/**
 * Processes that are numbers: they live until they are killed, or until they pass a boundary at
 * which they were told to die. Numbers are never given twice, so that what an old process left
 * behind in memory can be told from what runs now.
 */
export class VirtualProcesses {
  readonly #alive = new Set<number>();
  readonly #boundariesLeft = new Map<number, number>();
  /** Boundaries at which somebody died. */
  readonly deaths = new Map<string, number>();

  start(): number {
    lastId += 1;
    this.#alive.add(lastId);
    return lastId;
  }

  isAlive(id: number): boolean {
    return this.#alive.has(id);
  }

  kill(id: number): void {
    this.#alive.delete(id);
    this.#boundariesLeft.delete(id);
  }

  /** The power is cut. */
  killAll(): void {
    this.#alive.clear();
    this.#boundariesLeft.clear();
  }

  /** Let a process die when it comes to its n-th boundary from now. @param boundaries from 1 */
  dieAfter(id: number, boundaries: number): void {
    if (this.isAlive(id)) this.#boundariesLeft.set(id, boundaries);
  }

  /** Whether it lives and was not told to die. */
  isSpared(id: number): boolean {
    return this.#alive.has(id) && !this.#boundariesLeft.has(id);
  }

  /** A process that was told to die and has not got there lives on. */
  spare(id: number): void {
    this.#boundariesLeft.delete(id);
  }

  /** A boundary between two steps of a process. @returns whether it lives to take the next one */
  passes(id: number, label: string): boolean {
    if (!this.isAlive(id)) return false;
    const left = this.#boundariesLeft.get(id);
    if (left === undefined) return true;
    if (left > 1) {
      this.#boundariesLeft.set(id, left - 1);
      return true;
    }
    this.kill(id);
    this.deaths.set(label, (this.deaths.get(label) ?? 0) + 1);
    return false;
  }
}
