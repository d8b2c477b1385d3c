import type { TimedSample } from '@levitate/series';

/** The part of a sample that is words: its name and origin, the same from sample to sample. */
type Words = Record<string, string>;

/**
 * Samples of one link or path in order of time, their numbers row by row in a few arrays. As
 * objects the 600,000 samples of 1,000 windows are millions of things for the garbage collector to
 * move and to walk over, which is what samples then wait for; as rows they are ten thousand.
 *
 * A block of rows at a time: windows that began together fill up together, and one array that is
 * made anew twice as long stopped a service of 1,000 links for 0.3 s each time.
 */
export class SampleRows<S extends TimedSample> {
  /** Place of each number in a row; a number that is missing is NaN, which no sample has. */
  readonly #fields = new Map<string, number>([['timeUnixMs', 0]]);
  #stride = 1;
  /** Oldest first; the rows of one follow those of the one before. */
  readonly #blocks: Block[] = [];
  /** One that was emptied: as the window moves on, it is filled next. */
  #spare: Block | undefined;
  /** Place of the oldest row in the first block. */
  #first = 0;
  #length = 0;
  /** Those of the sample that came last, for the next. */
  #words: Words = {};

  get length(): number {
    return this.#length;
  }

  /** End of the interval of a row, milliseconds. @param index from 0 to `length` - 1 */
  timeUnixMs(index: number): number {
    if (index >= this.#length) return Number.NaN;
    const row = this.#first + index;
    return this.#blockOf(row).numbers[(row % blockRows) * this.#stride] as number;
  }

  /** A copy of one sample. @param index from 0 to `length` - 1 */
  at(index: number): S {
    const row = this.#first + index;
    const { numbers, words } = this.#blockOf(row);
    const sample: Record<string, string | number> = { ...words[row % blockRows] };
    const start = (row % blockRows) * this.#stride;
    for (const [field, place] of this.#fields) {
      const value = numbers[start + place] as number;
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
    const end = this.#first + this.#length;
    if (end === this.#blocks.length * blockRows) this.#addBlock();
    this.#length += 1;
    const row = this.#first + index;
    for (let to = end; to > row; to -= 1) this.#copyRow(to - 1, to);
    this.#write(row, sample);
  }

  /** Let the oldest go. */
  dropFirst(): void {
    this.#first += 1;
    this.#length -= 1;
    if (this.#first < blockRows) return;
    this.#first = 0;
    this.#spare = this.#blocks.shift();
  }

  /** Keep the first `length` of them. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
    this.#blocks.length = Math.ceil((this.#first + this.#length) / blockRows);
  }

  #blockOf(row: number): Block {
    return this.#blocks[Math.floor(row / blockRows)] as Block;
  }

  #addBlock(): void {
    const block = this.#spare ?? this.#emptyBlock();
    this.#spare = undefined;
    this.#blocks.push(block);
  }

  #emptyBlock(): Block {
    return { numbers: new Float64Array(blockRows * this.#stride), words: [] };
  }

  #copyRow(from: number, to: number): void {
    const source = this.#blockOf(from);
    const target = this.#blockOf(to);
    const start = (from % blockRows) * this.#stride;
    const row = source.numbers.subarray(start, start + this.#stride);
    target.numbers.set(row, (to % blockRows) * this.#stride);
    target.words[to % blockRows] = source.words[from % blockRows];
  }

  #write(row: number, sample: S): void {
    const values = sample as unknown as Record<string, unknown>;
    const block = this.#blockOf(row);
    let { numbers } = block;
    let start = (row % blockRows) * this.#stride;
    numbers.fill(Number.NaN, start, start + this.#stride);
    let said = this.#words;
    for (const field in values) {
      const value = values[field];
      if (typeof value === 'number') {
        let place = this.#fields.get(field);
        if (place === undefined) {
          place = this.#addFieldsOf(values).get(field) as number;
          ({ numbers } = block);
          start = (row % blockRows) * this.#stride;
        }
        numbers[start + place] = value;
      } else if (typeof value === 'string' && said[field] !== value) {
        said = { ...said, [field]: value };
      }
    }
    this.#words = said;
    block.words[row % blockRows] = said;
  }

  /** Widens every row: once for all the numbers that a source begins to measure. */
  #addFieldsOf(values: Record<string, unknown>): ReadonlyMap<string, number> {
    const before = this.#stride;
    for (const field in values) {
      if (typeof values[field] !== 'number' || this.#fields.has(field)) continue;
      this.#fields.set(field, this.#stride);
      this.#stride += 1;
    }
    this.#spare = undefined;
    for (const block of this.#blocks) block.numbers = this.#widened(block.numbers, before);
    return this.#fields;
  }

  #widened(numbers: Float64Array, stride: number): Float64Array {
    const widened = new Float64Array(blockRows * this.#stride).fill(Number.NaN);
    for (let row = 0; row < blockRows; row += 1) {
      widened.set(numbers.subarray(row * stride, (row + 1) * stride), row * this.#stride);
    }
    return widened;
  }
}

/** Rows of a block: a window of 600 has ten of them. */
const blockRows = 64;

interface Block {
  numbers: Float64Array;
  /** By row; the same object from row to row. */
  readonly words: (Words | undefined)[];
}
