import type { TimedSample } from '@levitate/series';

/** Rows a store begins with; it grows to what its window needs. */
const rowsMin = 16;

/** The part of a sample that is words: its name and origin, the same from sample to sample. */
type Words = Record<string, string>;

/**
 * Samples of one link or path in order of time, number by number in columns. As objects the 600,000
 * samples of 1,000 windows are millions of things for the garbage collector to move and to walk
 * over, which is what samples then wait for; as columns they are a few thousand.
 */
export class SampleRows<S extends TimedSample> {
  /** By field; a value that is missing is NaN, which no sample has. */
  readonly #columns = new Map<string, Float64Array>();
  #words: (Words | undefined)[] = [];
  #capacity = rowsMin;
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** End of the interval of a row, milliseconds. @param index from 0 to `length` - 1 */
  timeUnixMs(index: number): number {
    return this.#columns.get('timeUnixMs')?.[this.#first + index] ?? Number.NaN;
  }

  /** A copy of one sample. @param index from 0 to `length` - 1 */
  at(index: number): S {
    const row = this.#first + index;
    const sample: Record<string, string | number> = { ...this.#words[row] };
    for (const [field, column] of this.#columns) {
      const value = column[row] as number;
      if (!Number.isNaN(value)) sample[field] = value;
    }
    return sample as unknown as S;
  }

  /** Copies of all, oldest first. */
  read(): S[] {
    return Array.from({ length: this.#length }, (_, index) => this.at(index));
  }

  /** Take a sample in before the one at `index`; `length`, nearly always, is behind them all. */
  insert(index: number, sample: S): void {
    this.#makeRoom();
    const row = this.#first + index;
    const end = this.#first + this.#length;
    if (row < end) {
      for (const column of this.#columns.values()) column.copyWithin(row + 1, row, end);
      this.#words.splice(row, 0, undefined);
    }
    this.#length += 1;
    this.#write(row, sample);
  }

  /** Let the oldest go. */
  dropFirst(): void {
    this.#words[this.#first] = undefined;
    this.#first += 1;
    this.#length -= 1;
  }

  /** Keep the first `length` of them. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  #write(row: number, sample: S): void {
    for (const column of this.#columns.values()) column[row] = Number.NaN;
    let words = this.#words[row - 1] ?? this.#words[row + 1] ?? {};
    for (const field of Object.keys(sample)) {
      const value = (sample as unknown as Record<string, unknown>)[field];
      if (typeof value === 'number') this.#column(field)[row] = value;
      else if (typeof value === 'string' && words[field] !== value) {
        words = { ...words, [field]: value };
      }
    }
    this.#words[row] = words;
  }

  #column(field: string): Float64Array {
    const known = this.#columns.get(field);
    if (known !== undefined) return known;
    const column = new Float64Array(this.#capacity).fill(Number.NaN);
    this.#columns.set(field, column);
    return column;
  }

  /** Room for one more: at the front, where enough have gone, else twice as much. */
  #makeRoom(): void {
    const end = this.#first + this.#length;
    if (end < this.#capacity) return;
    const isGrowing = this.#first < this.#capacity / 4;
    if (isGrowing) this.#capacity *= 2;
    for (const [field, column] of this.#columns) {
      const into = isGrowing ? new Float64Array(this.#capacity) : column;
      into.set(column.subarray(this.#first, end));
      this.#columns.set(field, into);
    }
    this.#words = this.#words.slice(this.#first, end);
    this.#first = 0;
  }
}
