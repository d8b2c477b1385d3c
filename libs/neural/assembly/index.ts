// What the WASM kernel exports. Arguments are byte addresses in the one memory, and counts.
// AssemblyScript (its own types, no decorators: the files stay readable to TypeScript's tools);
// built by `node libs/neural/assembly/build.mjs`.

export { activate, activateBackward } from './activations';
export { adam } from './adam';
export { add, multiply, scale, sumOfSquares } from './arithmetic';
export { closedFormCell } from './closed-form-cell';
export { lstmCell, lstmCellBackward } from './lstm-cell';
export { lstmSteps } from './lstm-steps';
export { product, productScratchBytes } from './product';
export {
  addToRows,
  normalizeRows,
  normalizeRowsBackward,
  softmaxRows,
  softmaxRowsBackward,
  sumRows,
} from './rows';
