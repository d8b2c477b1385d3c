import { KernelError } from '../kernel-error.ts';
import { pageBytes } from '../page-bytes.ts';
import type { BpfMap } from './bpf-map.ts';
import { MAP_TYPE } from './map-type.ts';
import { type MemoryMap, mapMemory } from './memory-map.ts';

/**
 * The values of an array, which was made with BPF_F_MMAPABLE, as the programs write them: read
 * without any call into the kernel. Value i begins at `i * strideBytes`. Programs write while it is
 * read, so what is read must be whole in itself (an aligned number is) or be over.
 */
export class ArrayMemory {
  /** From one value to the next. */
  readonly strideBytes: number;
  readonly #memory: MemoryMap;
  #words: Uint32Array;

  /** @throws KernelError `out-of-range` for a map of another type, `refused` without the flag */
  static open(map: BpfMap): ArrayMemory {
    return new ArrayMemory(map);
  }

  private constructor(map: BpfMap) {
    const { name, type, valueBytes, maxEntries } = map.shape;
    if (type !== MAP_TYPE.array) {
      throw new KernelError({
        code: 'out-of-range',
        what: `mapping the values of the map ${name}`,
        why: `its type is ${type}`,
        next: 'name a map of type BPF_MAP_TYPE_ARRAY (2) with the flag BPF_F_MMAPABLE',
      });
    }
    this.strideBytes = Math.ceil(valueBytes / 8) * 8;
    const bytes = this.strideBytes * maxEntries;
    const length = Math.ceil(bytes / pageBytes()) * pageBytes();
    this.#memory = mapMemory(map.fd, { offset: 0, length, isWritable: false });
    this.#words = new Uint32Array(this.#memory.bytes, 0, bytes / 4);
  }

  /** All values, 4 bytes a word; none after `close`. Not to be kept, or it outlives the memory. */
  get words(): Uint32Array {
    return this.#words;
  }

  close(): void {
    if (this.#words.length === 0) return;
    this.#words = new Uint32Array();
    this.#memory.close();
  }
}
