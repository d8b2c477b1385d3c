import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { wasmKernel } from './wasm-kernel.ts';
import { hasRelaxedSimd } from './wasm-module.ts';
import { matrix, type Workspace } from './workspace.ts';

const STEPS = 7;
const kernels = [await wasmKernel({ variant: 'simd' })];
if (await hasRelaxedSimd()) kernels.push(await wasmKernel({ variant: 'relaxed-simd' }));

/** The same numbers in a workspace of its own. */
function arraysOf(workspace: Workspace, batch: number, units: number) {
  const random = new SeededRandom('steps of an lstm');
  const size = batch * units;
  const put = (length: number) => {
    const values = workspace.allocate(length);
    for (let i = 0; i < length; i++) values[i] = 0.5 * random.normal();
    return values;
  };
  return {
    recurrent: put(4 * units * units),
    gates: put(4 * STEPS * size),
    hiddens: workspace.allocate((STEPS + 1) * size),
    cells: workspace.allocate((STEPS + 1) * size),
    cellTanhs: workspace.allocate(STEPS * size),
  };
}

const cases = kernels.flatMap((kernel) =>
  [
    [1, 128],
    [1, 6],
    [3, 9],
    [5, 16],
  ].map(([batch = 1, units = 1]) => [kernel.variant, batch, units, kernel] as const),
);

it.each(cases)('%s: %d x %d, all steps at once are its steps one by one, to the bit', (...of) => {
  const [, batch, units, kernel] = of;
  const size = batch * units;
  const atOnce = kernel.openWorkspace();
  const whole = arraysOf(atOnce, batch, units);
  atOnce.lstmSteps?.({ ...whole, steps: STEPS, batch, units });
  const workspace = kernel.openWorkspace();
  const { recurrent, gates, hiddens, cells, cellTanhs } = arraysOf(workspace, batch, units);
  const part = (values: Float32Array, step: number, wide = size) =>
    values.subarray(step * wide, (step + 1) * wide);
  for (let step = 0; step < STEPS; step++) {
    const sums = part(gates, step, 4 * size);
    const before = matrix(part(hiddens, step), batch, units);
    const weights = matrix(recurrent, units, 4 * units);
    const into = matrix(sums, batch, 4 * units);
    if (step > 0) workspace.product(before, weights, into, { accumulate: true });
    workspace.lstmCell({
      gates: sums,
      cellBefore: part(cells, step),
      cell: part(cells, step + 1),
      cellTanh: part(cellTanhs, step),
      hidden: part(hiddens, step + 1),
      batch,
      units,
    });
  }
  expect(whole.hiddens.some((value) => value !== 0)).toBe(true);
  expect(whole).toEqual({ recurrent, gates, hiddens, cells, cellTanhs });
});
