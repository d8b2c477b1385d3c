import koffi from 'koffi';
import { errnoName, KernelError, type KernelErrorDetail } from '../kernel-error.ts';
import { libc } from '../libc.ts';
import { bpfError } from './bpf-error.ts';
import { BpfMap } from './bpf-map.ts';
import { BpfProgram } from './bpf-program.ts';
import { libbpf, type Pointer } from './libbpf.ts';
import { withLibbpfWords } from './libbpf-words.ts';
import { checkObjectFile } from './object-file.ts';
import { logTail } from './verifier-log.ts';

/** The kernel keeps the end of a longer log (since 6.4). */
const LOG_BYTES = 256 * 1024;
/** Entries of one map: beyond this a typing error would take the host's memory. */
const ENTRIES_MAX = 1 << 22;

/** An object was not loaded; `verifierLog` has what the kernel said, at most 256 KiB. */
export class BpfLoadError extends KernelError {
  readonly #verifierLog: string;

  constructor(detail: KernelErrorDetail, verifierLog: string) {
    super(detail);
    this.name = 'BpfLoadError';
    this.#verifierLog = verifierLog;
  }

  /** Not enumerable: a logger that writes the error out does not write all of this too. */
  get verifierLog(): string {
    return this.#verifierLog;
  }
}

/**
 * A compiled BPF object: opened, sized, loaded into the kernel, and closed. Maps and programs live
 * in the kernel while this, an attachment or a pin holds them; they are gone with the process.
 */
export class BpfObject {
  readonly path: string;
  readonly programs: readonly BpfProgram[];
  #log: Buffer;
  readonly #mapPointers = new Map<string, Pointer>();
  readonly #maps = new Map<string, BpfMap>();
  #pointer: Pointer;
  #isLoaded = false;

  /**
   * Open and check an object file, with its digest where that lies beside it (object-file.ts); the
   * kernel is not asked yet.
   * @throws KernelError `not-found`, `refused` when it is no BPF object, `unsupported` without
   * libbpf
   */
  static open(path: string): BpfObject {
    checkObjectFile(path);
    return new BpfObject(path);
  }

  private constructor(path: string) {
    this.path = path;
    this.#log = Buffer.alloc(LOG_BYTES);
    this.#pointer = openObject(path, this.#log);
    const lib = libbpf();
    this.programs = [...walk(this.#pointer, lib.bpf_object__next_program)].map(
      (one) => new BpfProgram(one),
    );
    for (const one of walk(this.#pointer, lib.bpf_object__next_map)) {
      if (!lib.bpf_map__is_internal(one)) this.#mapPointers.set(lib.bpf_map__name(one), one);
    }
  }

  /** Names of the maps, those that the compiler made left out. */
  get mapNames(): string[] {
    return [...this.#mapPointers.keys()];
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /**
   * Size a map; before the load. A ring buffer is rounded up to a power of two of pages.
   * @throws KernelError `out-of-range` beyond 1 to 4,194,304, `not-found`
   */
  setMaxEntries(map: string, entries: number): void {
    const what = `sizing the map ${map} to ${entries} entries`;
    if (!Number.isInteger(entries) || entries < 1 || entries > ENTRIES_MAX) {
      const why = `a map has 1 to ${ENTRIES_MAX} entries`;
      throw new KernelError({ code: 'out-of-range', what, why, next: 'give one of those' });
    }
    const result = libbpf().bpf_map__set_max_entries(this.#mapPointer(map), entries);
    if (result !== 0) throw bpfError({ what, errno: result, words: 'size it before the load' });
  }

  /** Leave a program out of the load, where the kernel lacks what it hangs on. Before the load. */
  setAutoload(program: string, isLoaded: boolean): void {
    const result = libbpf().bpf_program__set_autoload(this.program(program).pointer, isLoaded);
    if (result !== 0) throw bpfError({ what: `leaving out the program ${program}`, errno: result });
  }

  /**
   * Have the kernel check the programs and make the maps.
   * @throws BpfLoadError with the end of the verifier's log; the object can then only be closed
   */
  load(): void {
    withLibbpfWords((words) => {
      const result = libbpf().bpf_object__load(this.#open());
      if (result === 0) {
        this.#isLoaded = true;
        // libbpf has no use for it after the load, and neither have we.
        this.#log = Buffer.alloc(0);
        return;
      }
      throw loadError({ path: this.path, errno: result, words: words(), log: this.#log });
    });
  }

  /** @throws KernelError `not-found` */
  program(name: string): BpfProgram {
    const found = this.programs.find((one) => one.name === name);
    if (found === undefined) throw this.#notFound('program', name, this.programs.map(named));
    return found;
  }

  /** A map, after the load. @throws KernelError `not-found` */
  map(name: string): BpfMap {
    const pointer = this.#mapPointer(name);
    let map = this.#maps.get(name);
    if (map === undefined) {
      const lib = libbpf();
      const fd = lib.bpf_map__fd(pointer);
      if (fd < 0) throw bpfError({ what: `using the map ${name}`, errno: 2, words: 'not loaded' });
      const shape = {
        name,
        type: lib.bpf_map__type(pointer),
        keyBytes: lib.bpf_map__key_size(pointer),
        valueBytes: lib.bpf_map__value_size(pointer),
        maxEntries: lib.bpf_map__max_entries(pointer),
      };
      map = new BpfMap({ fd, shape, isOwner: false });
      this.#maps.set(name, map);
    }
    return map;
  }

  /** What hangs on attachments stays until those are closed too. */
  close(): void {
    if (this.#pointer === null) return;
    for (const map of this.#maps.values()) map.close();
    for (const program of this.programs) program.forget();
    libbpf().bpf_object__close(this.#pointer);
    this.#pointer = null;
    this.#mapPointers.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #mapPointer(name: string): Pointer {
    this.#open();
    const pointer = this.#mapPointers.get(name);
    if (pointer === undefined) throw this.#notFound('map', name, this.mapNames);
    return pointer;
  }

  #open(): Pointer {
    if (this.#pointer !== null) return this.#pointer;
    const what = `using the object ${this.path}`;
    throw new KernelError({ code: 'not-found', what, why: 'it was closed', next: 'open it again' });
  }

  #notFound(kind: string, name: string, present: string[]): KernelError {
    return new KernelError({
      code: 'not-found',
      what: `looking for the ${kind} ${name} in ${this.path}`,
      why: `it has ${present.join(', ') || 'none'}`,
      next: 'name one of these, or build the object anew (`make bpf`)',
    });
  }
}

/** `struct bpf_object_open_opts`, with the buffer for the verifier's log. */
function openObject(path: string, log: Buffer): Pointer {
  const options = Buffer.alloc(80);
  options.writeBigUInt64LE(BigInt(options.length), 0);
  options.writeBigUInt64LE(koffi.address(log), 56);
  options.writeBigUInt64LE(BigInt(log.length), 64);
  return withLibbpfWords((words) => {
    const pointer = libbpf().bpf_object__open_file(path, options);
    const errno = libc().errno();
    if (pointer !== null) return pointer;
    const next = 'build it anew (`make bpf`)';
    throw bpfError({ what: `opening the BPF object ${path}`, errno, words: words(), next });
  });
}

function loadError(failure: { path: string; errno: number; words: string; log: Buffer }) {
  const { path, errno, words, log } = failure;
  const end = log.indexOf(0);
  const verifierLog = log.toString('utf8', 0, end < 0 ? log.length : end).trimEnd();
  const base = bpfError({ what: `loading the BPF object ${path}`, errno, words });
  const isVerifier = verifierLog !== '' && base.errno !== 'EPERM';
  return new BpfLoadError(
    {
      code: isVerifier ? 'refused' : base.code,
      what: `loading the BPF object ${path}`,
      why: isVerifier
        ? `the verifier refused (${errnoName(-errno)}, ${words}):\n${logTail(verifierLog)}\n`
        : `${base.errno}, ${words}`,
      next: isVerifier ? 'correct the program, or use a newer kernel' : base.next,
      errno: base.errno,
    },
    verifierLog,
  );
}

function* walk(
  object: Pointer,
  next: (object: Pointer, previous: Pointer) => Pointer,
): Generator<Pointer> {
  for (let one = next(object, null); one !== null; one = next(object, one)) yield one;
}

function named({ name }: { name: string }): string {
  return name;
}
