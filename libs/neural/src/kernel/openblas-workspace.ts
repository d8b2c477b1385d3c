import type { OpenblasLibrary } from './openblas-library.ts';
import { assertProduct, WasmWorkspace } from './wasm-workspace.ts';
import type { WasmModule } from './web-assembly.ts';
import type { Matrix, ProductOptions } from './workspace.ts';

// As `cblas.h` has them.
const rowMajor = 101;
const straight = 111;
const transposed = 112;

/** Matrix products by OpenBLAS, on the memory of a WASM module that does all the rest. */
export class OpenblasWorkspace extends WasmWorkspace {
  /** Its products are the library's, which no module of ours calls. */
  override readonly lstmSteps = undefined;
  readonly #library: OpenblasLibrary;
  /** Address of the memory's first byte. A shared memory grows in place. */
  readonly #start: number;

  constructor(module: WasmModule, library: OpenblasLibrary) {
    super(module);
    this.#library = library;
    const first = this.allocate(1);
    this.#start = library.address(first) - first.byteOffset;
  }

  override product(a: Matrix, b: Matrix, c: Matrix, options: ProductOptions = {}): void {
    const { transposeA = false, transposeB = false, accumulate = false } = options;
    // One row is bound by memory; our own loop reads it as fast, without the way out and back.
    if (c.rows < 4) {
      super.product(a, b, c, options);
      return;
    }
    assertProduct(a, b, c, { transposeA, transposeB });
    const address = ({ values }: Matrix) => this.#start + this.memory.address(values);
    this.#library.sgemm(
      ...[rowMajor, transposeA ? transposed : straight, transposeB ? transposed : straight],
      ...[c.rows, c.columns, transposeA ? a.rows : a.columns, 1],
      ...[address(a), a.stride, address(b), b.stride, accumulate ? 1 : 0, address(c), c.stride],
    );
  }
}
