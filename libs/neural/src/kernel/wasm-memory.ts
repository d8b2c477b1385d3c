import { strict as assert } from 'node:assert';
import { webAssembly } from './web-assembly.ts';

const pageBytes = 65536;
/** 2 GiB, what the modules declare. */
const pagesMax = 32768;
/** What it grows by at least, so that a network's arrays lie on few buffers. */
const growthPages = 64;
/** Every array starts on a cache line. */
const alignment = 64;
/** What the modules keep for themselves at the start: their constants, from the first line on. */
const moduleBytes = 512;

/**
 * The memory of one workspace. It is a shared one, not because threads share it, but because the
 * arrays on a shared memory stay valid when it grows.
 */
export class WasmMemory {
  readonly memory = new webAssembly.Memory({ initial: 1, maximum: pagesMax, shared: true });
  readonly #buffers = new WeakSet<ArrayBufferLike>();
  #newest: ArrayBufferLike = this.memory.buffer;
  #next = moduleBytes;

  constructor() {
    this.#buffers.add(this.#newest);
  }

  /** @returns that many zeros @throws RangeError beyond 2 GiB */
  allocate(length: number): Float32Array {
    const from = this.#take(length * 4);
    return new Float32Array(this.#newest, from, length);
  }

  /** The same in float64; an array's address is its `byteOffset`. */
  allocateDoubles(length: number): Float64Array {
    const from = this.#take(length * 8);
    return new Float64Array(this.#newest, from, length);
  }

  /** @returns the address of so many bytes that are nobody's yet */
  #take(needed: number): number {
    const from = this.#next;
    const bytes = Math.ceil(needed / alignment) * alignment;
    const missing = Math.ceil((from + bytes - this.memory.buffer.byteLength) / pageBytes);
    if (missing > 0) this.#grow(missing);
    this.#next = from + bytes;
    return from;
  }

  /** @returns the byte address of an array that `allocate` gave, or of a part of one */
  address(values: Float32Array): number {
    const { buffer } = values;
    assert(
      buffer === this.#newest || this.#buffers.has(buffer),
      'an array that the workspace did not allocate',
    );
    return values.byteOffset;
  }

  #grow(pages: number): void {
    const has = this.memory.buffer.byteLength / pageBytes;
    if (has + pages > pagesMax) {
      throw new RangeError(`the network needs more than ${pagesMax} pages of 64 KiB (2 GiB)`);
    }
    this.memory.grow(Math.min(Math.max(pages, growthPages), pagesMax - has));
    this.#newest = this.memory.buffer;
    this.#buffers.add(this.#newest);
  }
}
