import { KernelError } from '../kernel-error.ts';
import { bpfError, ENOTSUPP } from './bpf-error.ts';
import type { BpfMap } from './bpf-map.ts';
import { libbpf } from './libbpf.ts';
import { isArray } from './map-type.ts';

const ENOENT = 2;
const ENOSPC = 28;
/** Kernels before 5.6 (arrays, hashes) and 5.13 (per-CPU arrays) answer with one of these. */
const NO_BATCH: readonly number[] = [ENOTSUPP, 95, 22];
/** Beyond this a read belongs into several batches: the event loop waits for each. */
const BATCH_BYTES_MAX = 64 * 1024 * 1024;

/** Which part of a map a batch reads. */
export interface MapBatchOptions {
  /** Entries at most. Default: all that the map has room for. */
  countMax?: number | undefined;
  /** false: one lookup per entry, as on a kernel without batches; for tests. Default true. */
  isBatched?: boolean | undefined;
}

/**
 * Reads many entries of a map in one system call into buffers that are made once. Of an array any
 * range of indices can be read; of a hash everything (its order is that of the kernel). Where the
 * kernel has no batches for this map the entries are looked up one by one, with the same result.
 */
export class MapBatch {
  /** Keys of the last read, one after the other. */
  readonly keys: Buffer;
  /** Values of the last read; entry i begins at `i * stride`. */
  readonly values: Buffer;
  /** Bytes from one entry to the next in `values`: `lookupBytes` of the map. */
  readonly stride: number;
  /** Entries of the last read. */
  count = 0;
  readonly #map: BpfMap;
  readonly #from: Buffer;
  readonly #next: Buffer;
  readonly #count = new Uint32Array(1);
  #isBatched: boolean;

  /** @throws KernelError `out-of-range` beyond 64 MiB */
  constructor(map: BpfMap, options: MapBatchOptions = {}) {
    const countMax = options.countMax ?? map.shape.maxEntries;
    const bytes = countMax * (map.lookupBytes + map.shape.keyBytes);
    if (!Number.isInteger(countMax) || countMax < 1 || bytes > BATCH_BYTES_MAX) {
      throw new KernelError({
        code: 'out-of-range',
        what: `reading the map ${map.shape.name} in batches of ${countMax}`,
        why: `a batch has 1 entry or more and takes at most ${BATCH_BYTES_MAX} B, this is ${bytes}`,
        next: 'read the map in several batches (`countMax`)',
      });
    }
    this.#map = map;
    this.stride = map.lookupBytes;
    this.keys = Buffer.alloc(countMax * map.shape.keyBytes);
    this.values = Buffer.alloc(countMax * this.stride);
    // A hash names its place by a bucket number of 4 bytes, whatever its key is.
    const placeBytes = Math.max(map.shape.keyBytes, 4);
    this.#from = Buffer.alloc(placeBytes);
    this.#next = Buffer.alloc(placeBytes);
    this.#isBatched = options.isBatched ?? true;
  }

  /** Entries that fit. */
  get countMax(): number {
    return this.keys.length / this.#map.shape.keyBytes;
  }

  /**
   * Read entries of an array.
   * @param first index of the first one
   * @param wanted how many; default as many as fit, ends with the array
   * @returns how many there are now in `keys` and `values`
   * @throws KernelError
   */
  readRange(first: number, wanted = this.countMax): number {
    const { type, maxEntries, name } = this.#map.shape;
    const isWhole = Number.isInteger(first) && Number.isInteger(wanted);
    if (!isArray(type) || !isWhole || first < 0 || wanted < 0 || wanted > this.countMax) {
      throw new KernelError({
        code: 'out-of-range',
        what: `reading ${wanted} entries of the map ${name} from ${first}`,
        why: `ranges are of arrays, and of at most ${this.countMax} entries here`,
        next: 'correct the call; a hash is read as a whole with `readAll`',
      });
    }
    const count = Math.min(wanted, maxEntries - first);
    this.count = 0;
    if (count <= 0) return 0;
    // The place is the entry before the first.
    if (first > 0) this.#from.writeUInt32LE(first - 1);
    const from = first > 0 ? this.#from : null;
    if (this.#isBatched) this.#readBatch(from, count);
    if (!this.#isBatched) this.#readEach(from, count);
    return this.count;
  }

  /**
   * Read the map from its beginning, as much as fits.
   * @returns how many entries there are now in `keys` and `values`
   * @throws KernelError `full` when a hash has more entries than fit
   */
  readAll(): number {
    this.count = 0;
    if (this.#isBatched) this.#readBatch(null, this.countMax);
    if (!this.#isBatched) this.#readEach(null, this.countMax);
    return this.count;
  }

  #readBatch(from: Buffer | null, count: number): void {
    this.#count[0] = count;
    const { keys, values } = this;
    const fd = this.#map.fd;
    const lib = libbpf();
    const result = lib.bpf_map_lookup_batch(fd, from, this.#next, keys, values, this.#count, null);
    const errno = -result;
    if (NO_BATCH.includes(errno)) {
      this.#isBatched = false;
      return;
    }
    this.count = this.#count[0];
    if (errno === ENOENT) return; // The end of the map.
    // A hash gives what fits of it, bucket by bucket, and says by a 0 that there is more.
    const isRest = errno === 0 && !isArray(this.#map.shape.type);
    if (isRest || errno === ENOSPC) throw this.#tooMany();
    if (errno === 0) return;
    const what = `reading the map ${this.#map.shape.name}`;
    throw bpfError({ what, errno });
  }

  #readEach(from: Buffer | null, count: number): void {
    const { keyBytes } = this.#map.shape;
    let after = from ?? undefined;
    // A key that vanishes between the two calls costs one step and no entry.
    for (let steps = 0; steps < 2 * count && this.count < count; steps++) {
      const key = this.keys.subarray(this.count * keyBytes, (this.count + 1) * keyBytes);
      if (!this.#map.nextKey(after?.subarray(0, keyBytes), key)) return;
      const at = this.count * this.stride;
      if (this.#map.lookup(key, this.values.subarray(at, at + this.stride))) this.count += 1;
      key.copy(this.#from);
      after = this.#from;
    }
    const { type } = this.#map.shape;
    const next = this.#next.subarray(0, keyBytes);
    if (!isArray(type) && this.#map.nextKey(after?.subarray(0, keyBytes), next)) {
      throw this.#tooMany();
    }
  }

  #tooMany(): KernelError {
    return new KernelError({
      code: 'full',
      what: `reading the map ${this.#map.shape.name}`,
      why: `it has more entries than ${this.countMax}, for which there is room`,
      next: 'make room for as many as its max_entries',
    });
  }
}
