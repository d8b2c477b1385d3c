import { KernelError } from '../kernel-error.ts';
import { libbpf, type Pointer } from './libbpf.ts';
import { nameAt, objectInfo } from './object-info.ts';

/** How often a program ran and how long it took, while statistics are on (run-statistics.ts). */
export interface RunStatistics {
  /** Total, nanoseconds. Exact to 2^53. */
  runTimeNs: number;
  runCount: number;
}

/** What the kernel tells of a loaded program. */
export interface ProgramInfo extends RunStatistics {
  /** Unique until the machine starts anew; never given twice. */
  id: number;
  /** At most 15 characters. */
  name: string;
  /** Digest of the instructions, 16 hexadecimal digits. */
  tag: string;
}

/** One program of an object, and once loaded its file descriptor. */
export class BpfProgram {
  readonly name: string;
  /** Where it wants to be attached: `xdp`, `tc`, `tp_btf/kfree_skb`. */
  readonly section: string;
  #pointer: Pointer;

  /** @param pointer `struct bpf_program *`; lives as long as its object */
  constructor(pointer: Pointer) {
    const lib = libbpf();
    this.#pointer = pointer;
    this.name = lib.bpf_program__name(pointer);
    this.section = lib.bpf_program__section_name(pointer);
  }

  /** @throws KernelError `not-found` before the load and after the object was closed */
  get fd(): number {
    const fd = this.#pointer === null ? -1 : libbpf().bpf_program__fd(this.#pointer);
    if (fd < 0) throw this.#notLoaded();
    return fd;
  }

  /** For libbpf's own calls. @throws KernelError `not-found` after the object was closed */
  get pointer(): Pointer {
    if (this.#pointer === null) throw this.#notLoaded();
    return this.#pointer;
  }

  /** @throws KernelError `not-found` when it is not loaded */
  info(): ProgramInfo {
    return programInfo(this.fd, `program ${this.name}`);
  }

  /** The object was closed: nothing of it may be used again. */
  forget(): void {
    this.#pointer = null;
  }

  #notLoaded(): KernelError {
    return new KernelError({
      code: 'not-found',
      what: `using the program ${this.name}`,
      why: 'it is not loaded, or its object was closed',
      next: 'load the object first and keep it open',
    });
  }
}

/** What the kernel tells of the program behind a file descriptor. @throws KernelError */
export function programInfo(fd: number, what: string): ProgramInfo {
  const info = objectInfo(fd, what);
  return {
    id: info.getUint32(4, true),
    tag: Buffer.from(info.buffer, 8, 8).toString('hex'),
    name: nameAt(info, 64),
    runTimeNs: Number(info.getBigUint64(192, true)),
    runCount: Number(info.getBigUint64(200, true)),
  };
}
