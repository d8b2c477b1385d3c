/**
 * Tells windows apart in a cache: two 32-bit FNV-1a hashes of the bits, by words. No proof against
 * malice.
 */
export class WindowHash {
  #one = 0x811c9dc5;
  #other = 0x01000193;

  add(values: Float64Array): this {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    // In fields these would be an object on the heap for every word.
    let one = this.#one;
    let other = this.#other;
    for (let index = 0; index < words.length; index++) {
      const word = words[index] as number;
      one = Math.imul(one ^ word, 0x01000193);
      other = Math.imul(other ^ (word >>> 15) ^ (word << 17), 0x85ebca6b);
    }
    this.#one = one;
    this.#other = other;
    return this;
  }

  /** 53 bits of the 64, a whole number: as a key it costs a tenth of what a text does. */
  number(): number {
    return (this.#one >>> 0) * 2 ** 21 + (this.#other >>> 11);
  }

  text(): string {
    return `${(this.#one >>> 0).toString(36)}-${(this.#other >>> 0).toString(36)}`;
  }
}
