import type { LawInput } from './law.ts';

/** What is kept of a tick: all that a law sees but the size, which is another law's doing. */
export type RememberedInput = Omit<LawInput, 'size' | 'requested'>;

/** The newest inputs of a law, numbers only: 48 bytes a tick. */
export class InputMemory {
  readonly #capacity: number;
  readonly #columns: Readonly<Record<Column, Float64Array>>;
  #written = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    const column = () => new Float64Array(capacity);
    this.#columns = {
      nowMs: column(),
      intervalMs: column(),
      need: column(),
      dropped: column(),
      delayS: column(),
      announced: column(),
    };
  }

  get isFull(): boolean {
    return this.#written >= this.#capacity;
  }

  /** Ticks ever written: the index of the next one. */
  get end(): number {
    return this.#written;
  }

  /** Index of the oldest tick that is still there. */
  get start(): number {
    return Math.max(0, this.#written - this.#capacity);
  }

  push(input: LawInput): void {
    const at = this.#written % this.#capacity;
    for (const name of columnNames) {
      const value = input[name];
      this.#columns[name][at] = value === undefined ? Number.NaN : Number(value);
    }
    this.#written += 1;
  }

  /** @param index from `start` to `end` - 1 */
  at(index: number): RememberedInput {
    const at = index % this.#capacity;
    const read = (name: Column) => {
      const value = this.#columns[name][at] as number;
      return Number.isNaN(value) ? undefined : value;
    };
    return {
      nowMs: read('nowMs') ?? 0,
      intervalMs: read('intervalMs') ?? 0,
      need: read('need'),
      dropped: read('dropped'),
      delayS: read('delayS'),
      announced: read('announced') === 1,
    };
  }
}

const columnNames = ['nowMs', 'intervalMs', 'need', 'dropped', 'delayS', 'announced'] as const;
type Column = (typeof columnNames)[number];
