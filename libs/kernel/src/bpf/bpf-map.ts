import { KernelError } from '../kernel-error.ts';
import { libc } from '../libc.ts';
import { bpfError } from './bpf-error.ts';
import { isMap } from './is-map.ts';
import { libbpf } from './libbpf.ts';
import { isPerCpu } from './map-type.ts';
import { nameAt, objectInfo } from './object-info.ts';

const ENOENT = -2;
const ENTRY_FLAGS = { any: 0, new: 1, existing: 2 } as const;

/** Shape of a map, as the kernel or the object file tells it. */
export interface MapShape {
  name: string;
  /** Number of `enum bpf_map_type`; see `MAP_TYPE`. */
  type: number;
  keyBytes: number;
  /** Of one value, as the program sees it. */
  valueBytes: number;
  maxEntries: number;
}

/**
 * Access to one map from user space. Keys and values are bytes that the caller owns and may use
 * again at once; nothing is allocated by a call. Every call is one system call, under a microsecond
 * on the reference machine (README).
 */
export class BpfMap {
  readonly shape: Readonly<MapShape>;
  /**
   * Bytes that one lookup fills: of a per-CPU map one value for each CPU the machine may have, each
   * rounded up to 8 bytes.
   */
  readonly lookupBytes: number;
  /** Bytes from one CPU's value to the next in a lookup; `lookupBytes` where there is only one. */
  readonly cpuStrideBytes: number;
  readonly #isOwner: boolean;
  #fd: number;

  /** Open a pinned map. @throws KernelError `not-found`, `permission-denied` */
  static openPinned(path: string): BpfMap {
    const fd = libbpf().bpf_obj_get(path);
    if (fd < 0) throw bpfError({ what: `opening the pinned map ${path}`, errno: fd });
    return new BpfMap({ fd, shape: mapShape(fd, path), isOwner: true });
  }

  /** @param isOwner whether `close` closes the descriptor; else it belongs to an object */
  constructor({ fd, shape, isOwner }: { fd: number; shape: MapShape; isOwner: boolean }) {
    this.#fd = fd;
    this.#isOwner = isOwner;
    this.shape = shape;
    const hasMany = isPerCpu(shape.type);
    this.cpuStrideBytes = hasMany ? Math.ceil(shape.valueBytes / 8) * 8 : shape.valueBytes;
    this.lookupBytes = hasMany ? this.cpuStrideBytes * possibleCpus() : shape.valueBytes;
  }

  /** @throws KernelError `not-found` after it was closed */
  get fd(): number {
    if (this.#fd < 0) throw this.#misuse('not-found', 'it was closed');
    return this.#fd;
  }

  /** Identity of the map until the machine starts anew. */
  get id(): number {
    return objectInfo(this.fd, `map ${this.shape.name}`).getUint32(4, true);
  }

  /**
   * @param into at least `lookupBytes`
   * @returns whether the key is there; `into` is untouched when not
   * @throws KernelError
   */
  lookup(key: Uint8Array, into: Uint8Array): boolean {
    this.#checkKey(key);
    if (into.length < this.lookupBytes) {
      throw this.#misuse('out-of-range', `${into.length} B to fill, needs ${this.lookupBytes}`);
    }
    const result = libbpf().bpf_map_lookup_elem(this.fd, key, into);
    if (result === 0) return true;
    if (result === ENOENT) return false;
    throw this.#failure('looking up', result);
  }

  /**
   * @param value `lookupBytes`: for a per-CPU map the values of all CPUs
   * @param condition `new`: only where the key is not there; `existing`: only where it is
   * @throws KernelError `full` when there is no room, with the bound
   */
  update(key: Uint8Array, value: Uint8Array, condition: keyof typeof ENTRY_FLAGS = 'any'): void {
    this.#checkKey(key);
    if (value.length !== this.lookupBytes) {
      throw this.#misuse('out-of-range', `a value of ${value.length} B, not ${this.lookupBytes}`);
    }
    const result = libbpf().bpf_map_update_elem(this.fd, key, value, ENTRY_FLAGS[condition]);
    if (result !== 0) throw this.#failure('updating', result);
  }

  /** @returns whether the key was there. @throws KernelError `refused`: arrays cannot delete */
  delete(key: Uint8Array): boolean {
    this.#checkKey(key);
    const result = libbpf().bpf_map_delete_elem(this.fd, key);
    if (result === 0) return true;
    if (result === ENOENT) return false;
    throw this.#failure('deleting from', result);
  }

  /**
   * Walk over the keys, in no order. Where keys come and go meanwhile the walk may begin anew: a
   * caller bounds it.
   * @param after `undefined` for the first
   * @returns whether there is one
   */
  nextKey(after: Uint8Array | undefined, into: Uint8Array): boolean {
    if (after !== undefined) this.#checkKey(after);
    this.#checkKey(into);
    const result = libbpf().bpf_map_get_next_key(this.fd, after ?? null, into);
    if (result === 0) return true;
    if (result === ENOENT) return false;
    throw this.#failure('walking over', result);
  }

  close(): void {
    if (this.#isOwner && this.#fd >= 0) libc().close(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #checkKey(key: Uint8Array): void {
    if (key.length === this.shape.keyBytes) return;
    throw this.#misuse('out-of-range', `a key of ${key.length} B, not ${this.shape.keyBytes}`);
  }

  #misuse(code: 'not-found' | 'out-of-range', why: string): KernelError {
    const what = `using the map ${this.shape.name}`;
    return new KernelError({ code, what, why, next: 'correct the call; nothing was done' });
  }

  #failure(doing: string, errno: number): KernelError {
    const { name, maxEntries } = this.shape;
    const what = `${doing} the map ${name}`;
    return bpfError({ what, errno, words: `its bound is max_entries ${maxEntries}` });
  }
}

let cpus = 0;

/** CPUs this machine may ever have: as many values has each entry of a per-CPU map. */
export function possibleCpus(): number {
  if (cpus > 0) return cpus;
  const count = libbpf().libbpf_num_possible_cpus();
  if (count < 1) throw bpfError({ what: 'counting the possible CPUs', errno: count });
  cpus = count;
  return cpus;
}

function mapShape(fd: number, path: string): MapShape {
  if (!isMap(fd)) {
    libc().close(fd);
    const what = `opening the pinned map ${path}`;
    const why = 'what is pinned there is no map';
    throw new KernelError({ code: 'not-found', what, why, next: 'name the path of a map' });
  }
  const info = objectInfo(fd, path);
  const type = info.getUint32(0, true);
  return {
    type,
    keyBytes: info.getUint32(8, true),
    valueBytes: info.getUint32(12, true),
    maxEntries: info.getUint32(16, true),
    name: nameAt(info, 24),
  };
}
