import { lstmCell } from './lstm-cell';
import { product } from './product';

/**
 * Steps of an LSTM one after the other; see `LstmSteps` in workspace.ts. The same products and
 * cells as one call for each, without the way in and out of the module 120 times.
 */
export function lstmSteps(
  recurrent: usize,
  gates: usize,
  hiddens: usize,
  cells: usize,
  cellTanhs: usize,
  steps: i32,
  batch: i32,
  units: i32,
  scratch: usize,
): void {
  const size: usize = usize(batch * units) << 2;
  const wide = units << 2;
  for (let step = 0; step < steps; step++) {
    const at: usize = usize(step) * size;
    const sums: usize = gates + (at << 2);
    // The state before the first step is zero, and adds nothing.
    if (step > 0) {
      const before: usize = hiddens + at;
      product(
        before,
        units,
        false,
        recurrent,
        wide,
        false,
        sums,
        wide,
        batch,
        wide,
        units,
        true,
        scratch,
      );
    }
    const cell: usize = cells + at + size;
    lstmCell(sums, cells + at, cell, cellTanhs + at, hiddens + at + size, batch, units);
  }
}
