import { activate, activateBackward } from './typescript/activations.ts';
import { adam, add, multiply, scale, sumOfSquares, sumRows } from './typescript/arithmetic.ts';
import { lstmCell, lstmCellBackward } from './typescript/lstm-cell.ts';
import { product } from './typescript/product.ts';
import {
  addToRows,
  normalizeRows,
  normalizeRowsBackward,
  softmaxRows,
  softmaxRowsBackward,
} from './typescript/rows.ts';
import type { Workspace } from './workspace.ts';

/** The operations in plain TypeScript; each is in a file of its own kind below `typescript/`. */
export class TypescriptWorkspace implements Workspace {
  readonly product = product;
  readonly addToRows = addToRows;
  readonly sumRows = sumRows;
  readonly activate = activate;
  readonly activateBackward = activateBackward;
  readonly add = add;
  readonly multiply = multiply;
  readonly scale = scale;
  readonly sumOfSquares = sumOfSquares;
  readonly lstmCell = lstmCell;
  readonly lstmCellBackward = lstmCellBackward;
  readonly normalizeRows = normalizeRows;
  readonly normalizeRowsBackward = normalizeRowsBackward;
  readonly softmaxRows = softmaxRows;
  readonly softmaxRowsBackward = softmaxRowsBackward;
  readonly adam = adam;
  readonly #isDouble: boolean;

  constructor({ isDouble }: { isDouble: boolean }) {
    this.#isDouble = isDouble;
  }

  allocate(length: number): Float32Array {
    // One type for both widths: layers index and copy, and never ask which it is.
    if (this.#isDouble) return new Float64Array(length) as unknown as Float32Array;
    return new Float32Array(length);
  }
}
