import { createRequire } from 'node:module';

/** What we call of OpenBLAS. Matrices are addresses. */
export interface OpenblasLibrary {
  /** c = alpha a b + beta c; `order` and the transpositions as `cblas.h` numbers them. */
  sgemm(
    ...args: [
      ...[order: number, transposeA: number, transposeB: number],
      ...[rows: number, columns: number, depth: number, alpha: number],
      ...[a: number, strideA: number, b: number, strideB: number, beta: number],
      ...[c: number, strideC: number],
    ]
  ): void;
  /** The address of an array's first number; it stays where it is as long as its memory lives. */
  address(values: Float32Array): number;
  /** Version and processor, which the bytes depend on: `0.3.21-Zen`. */
  build: string;
}

/** The file of Debian's and Fedora's package, and its name elsewhere. */
const files = ['libopenblas.so.0', 'libopenblas.dylib', 'libopenblas.dll'];

let opened: OpenblasLibrary | undefined;

/**
 * Binds OpenBLAS on first use. It runs on one thread: workers of a training are one for each core
 * already, and with its own threads a small product takes longer.
 * @throws Error that names the package where the library is not there
 */
export function openblasLibrary(): OpenblasLibrary {
  opened ??= bind();
  return opened;
}

function bind(): OpenblasLibrary {
  // Not imported above: koffi is a native add-on, and who does not ask for OpenBLAS needs none.
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi').default;
  const library = load(koffi);
  library.func('void openblas_set_num_threads(int)')(1);
  const config = String(library.func('const char *openblas_get_config(void)')());
  const core = String(library.func('const char *openblas_get_corename(void)')());
  const sgemm = library.func(
    'void cblas_sgemm(int, int, int, int, int, int, float, uintptr_t, int, ' +
      'uintptr_t, int, float, uintptr_t, int)',
  );
  return {
    sgemm: sgemm as OpenblasLibrary['sgemm'],
    address: (values) => Number(koffi.address(values)),
    build: `${/\d+(\.\d+)+/.exec(config)?.[0] ?? 'unknown'}-${core}`,
  };
}

function load(koffi: typeof import('koffi').default) {
  const reasons: string[] = [];
  for (const file of files) {
    try {
      return koffi.load(file);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `OpenBLAS does not load here (${reasons[0]}); on Debian: apt-get install libopenblas0. ` +
      'The wasm kernel needs nothing.',
  );
}
