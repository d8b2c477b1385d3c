import type { TimedSample } from '@levitate/series';

/** Rows a store begins with; it grows to what its window needs. */
const rowsMin = 16;

/** The part of a sample that is words: its name and origin, the same from sample to sample. */
type Words = Record<string, string>;

/**
 * Samples of one link or path in order of time, their numbers row by row in one array. As objects
 * the 600,000 samples of 1,000 windows are millions of things for the garbage collector to move and
 * to walk over, which is what samples then wait for; as rows they are a thousand.
 */
export class SampleRows<S extends TimedSample> {
  /** Place of each number in a row; a number that is missing is NaN, which no sample has. */
  readonly #fields = new Map<string, number>([['timeUnixMs', 0]]);
  #stride = 1;
  #numbers = new Float64Array(rowsMin);
  #words: (Words | undefined)[] = [];
  #capacity = rowsMin;
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** End of the interval of a row, milliseconds. @param index from 0 to `length` - 1 */
  timeUnixMs(index: number): number {
    return index < this.#length
      ? (this.#numbers[(this.#first + index) * this.#stride] as number)
      : Number.NaN;
  }

  /** A copy of one sample. @param index from 0 to `length` - 1 */
  at(index: number): S {
    const row = this.#first + index;
    const sample: Record<string, string | number> = { ...this.#words[row] };
    for (const [field, place] of this.#fields) {
      const value = this.#numbers[row * this.#stride + place] as number;
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
      this.#numbers.copyWithin((row + 1) * this.#stride, row * this.#stride, end * this.#stride);
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
    const values = sample as unknown as Record<string, unknown>;
    this.#numbers.fill(Number.NaN, row * this.#stride, (row + 1) * this.#stride);
    let words = this.#words[row - 1] ?? this.#words[row + 1] ?? {};
    for (const field in values) {
      const value = values[field];
      if (typeof value === 'number') {
        const place = this.#fields.get(field) ?? this.#addField(field);
        this.#numbers[row * this.#stride + place] = value;
      } else if (typeof value === 'string' && words[field] !== value) {
        words = { ...words, [field]: value };
      }
    }
    this.#words[row] = words;
  }

  /** Widens every row: once for each number a source ever measures. */
  #addField(field: string): number {
    const place = this.#stride;
    this.#fields.set(field, place);
    const widened = new Float64Array(this.#capacity * (place + 1)).fill(Number.NaN);
    for (let row = this.#first; row < this.#first + this.#length; row += 1) {
      widened.set(this.#numbers.subarray(row * place, (row + 1) * place), row * (place + 1));
    }
    this.#numbers = widened;
    this.#stride = place + 1;
    return place;
  }

  /** Room for one more: at the front, where enough have gone, else twice as much. */
  #makeRoom(): void {
    const end = this.#first + this.#length;
    if (end < this.#capacity) return;
    const isGrowing = this.#first < this.#capacity / 4;
    if (isGrowing) this.#capacity *= 2;
    const rows = this.#numbers.subarray(this.#first * this.#stride, end * this.#stride);
    if (isGrowing) this.#numbers = new Float64Array(this.#capacity * this.#stride);
    this.#numbers.set(rows);
    this.#words = this.#words.slice(this.#first, end);
    this.#first = 0;
  }
}
