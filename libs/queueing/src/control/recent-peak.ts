/** The largest of the last values, for a fixed number of them: a queue whose values fall. */
export class RecentPeak {
  readonly #length: number;
  readonly #values: Float64Array;
  readonly #numbers: Float64Array;
  #head = 0;
  #size = 0;
  #count = 0;

  /** @param length how many values count, at least 1 */
  constructor(length: number) {
    this.#length = length;
    this.#values = new Float64Array(length);
    this.#numbers = new Float64Array(length);
  }

  /** Take a value in. @returns the largest of the last `length`, it included */
  add(value: number): number {
    const number = this.#count++;
    if (this.#size > 0 && (this.#numbers[this.#head] as number) <= number - this.#length) {
      this.#head = (this.#head + 1) % this.#length;
      this.#size--;
    }
    while (this.#size > 0 && (this.#values[this.#at(this.#size - 1)] as number) <= value) {
      this.#size--;
    }
    const at = this.#at(this.#size++);
    this.#values[at] = value;
    this.#numbers[at] = number;
    return this.#values[this.#head] as number;
  }

  #at(place: number): number {
    return (this.#head + place) % this.#length;
  }
}
