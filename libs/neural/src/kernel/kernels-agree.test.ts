import { SeededRandom } from '@levitate/clock';
import { requireReal } from '@levitate/testing';
import { describe, expect, it } from 'vitest';
import { Network } from '../network.ts';
import type { LayerSpec } from '../network-spec.ts';
import { squaredLoss } from '../testing/gradient-check.ts';
import type { Kernel } from './kernel.ts';
import { openTrainingKernel } from './open-kernel.ts';
import { openblasKernel } from './openblas-kernel.ts';
import { openblasLibrary } from './openblas-library.ts';
import { typescriptKernel } from './typescript-kernel.ts';
import { wasmKernel } from './wasm-kernel.ts';
import { hasRelaxedSimd } from './wasm-module.ts';
import { type Activation, matrix, type Workspace } from './workspace.ts';

// The tolerance of every kernel against the reference in 64 bits, relative to the larger of 1 and
// the value. README.md states it.
const tolerance = 2e-5;

const realOpenblas = requireReal('OpenBLAS', () => {
  try {
    openblasLibrary();
    return true;
  } catch (error) {
    return (error as Error).message;
  }
});

const kernels: Kernel[] = [typescriptKernel(), await openTrainingKernel('wasm')];
if (await hasRelaxedSimd()) kernels.push(await wasmKernel({ variant: 'relaxed-simd' }));
if (realOpenblas.missing === undefined) kernels.push(await openblasKernel());
const reference = typescriptKernel({ isDouble: true });

/** Runs the same on both kernels and compares all arrays that it gives. */
function compare(kernel: Kernel, run: (workspace: Workspace, put: Put) => Float32Array[]): void {
  const results = [reference, kernel].map((each) => {
    const workspace = each.openWorkspace();
    const random = new SeededRandom('operands');
    return run(workspace, (length, scale = 1) => {
      const values = workspace.allocate(length);
      // Both start from the same numbers of 32 bits.
      for (let i = 0; i < length; i++) values[i] = Math.fround(scale * random.normal());
      return values;
    });
  });
  const [want = [], got = []] = results;
  for (const [index, array] of want.entries()) {
    for (let i = 0; i < array.length; i++) {
      const size = Math.max(1, Math.abs(array[i] as number));
      const error = Math.abs((array[i] as number) - (got[index]?.[i] as number)) / size;
      if (!(error < tolerance)) expect.fail(`array ${index}, number ${i}: off by ${error}`);
    }
  }
}
type Put = (length: number, scale?: number) => Float32Array;

realOpenblas.it('OpenBLAS is among the kernels that are compared', () => {
  expect(kernels.map(({ name }) => name)).toContain('openblas');
});

describe.each(kernels.map((kernel) => [kernel.variant, kernel] as const))('%s', (_, kernel) => {
  const sizes = [
    ...[
      [1, 1, 1],
      [1, 13, 7],
      [1, 64, 40],
      [2, 19, 33],
      [3, 8, 9],
      [4, 8, 16],
      [5, 9, 3],
    ],
    ...[
      [7, 300, 270],
      [64, 33, 12],
      [66, 17, 300],
      [128, 512, 20],
    ],
  ];
  it.each(sizes)('product of %d x %d, depth %d, each way round', (rows, columns, depth) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        for (const accumulate of [false, true]) {
          compare(kernel, (workspace, put) => {
            const a = transposeA
              ? matrix(put(rows * depth), depth, rows)
              : matrix(put(rows * depth), rows, depth);
            const b = transposeB
              ? matrix(put(columns * depth, 0.1), columns, depth)
              : matrix(put(columns * depth, 0.1), depth, columns);
            const values = put((columns + 3) * rows);
            const c = { values, rows, columns, stride: columns + 3 };
            workspace.product(a, b, c, { transposeA, transposeB, accumulate });
            return [values];
          });
        }
      }
    }
  });

  const activations: Activation[] = ['linear', 'relu', 'tanh', 'sigmoid', 'softplus'];
  it.each(activations)('%s and its slope, far out too', (activation) => {
    compare(kernel, (workspace, put) => {
      const values = put(1003, 4);
      values.set([0, -0, 30, -30, 90, -90, 1e4, -1e4, 1e30, -1e30].map(Math.fround));
      const gradient = put(1003);
      workspace.activate(activation, values, values, 1003);
      workspace.activateBackward(activation, values, gradient, 1003);
      return [values.map((value) => Math.min(value, 1e6)), gradient];
    });
  });

  it.each([1, 2, 3, 4, 15, 64])('what goes along rows of %d columns', (columns) => {
    const rows = 5;
    compare(kernel, (workspace, put) => {
      const own = () => put(rows * columns);
      const [input, output, normalized, inputGradient] = [own(), own(), own(), own()];
      const [gamma, beta, gammaGradient, betaGradient, inverseDeviation] = [
        ...[put(columns), put(columns), put(columns), put(columns), put(rows)],
      ] as Float32Array[] as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
      const sizes = { rows, columns, epsilon: 1e-3 };
      workspace.normalizeRows({
        ...{ input, gamma, beta, output, normalized, inverseDeviation, ...sizes },
      });
      workspace.normalizeRowsBackward({
        ...{ outputGradient: own(), gamma, normalized, inverseDeviation, inputGradient },
        ...{ gammaGradient, betaGradient, rows, columns },
      });
      const [soft, softGradient, sums] = [own(), own(), put(columns)];
      workspace.softmaxRows(soft, rows, columns);
      workspace.softmaxRowsBackward(soft, softGradient, rows, columns);
      workspace.sumRows(soft, sums, rows, columns);
      workspace.addToRows(output, beta, rows, columns);
      workspace.add(normalized, output, rows * columns);
      workspace.multiply(inputGradient, output, rows * columns);
      workspace.scale(softGradient, 1.5, rows * columns);
      const norm = Float32Array.of(workspace.sumOfSquares(output, rows * columns));
      const results = [output, normalized, inputGradient, gammaGradient, betaGradient];
      return [...results, soft, softGradient, sums, norm];
    });
  });

  it.each([1, 3, 6, 128])('a step of an LSTM of %d units, and Adam on it', (units) => {
    const batch = 3;
    compare(kernel, (workspace, put) => {
      const own = () => put(batch * units);
      const [gates, cellBefore, cell] = [put(4 * batch * units, 2), own(), own()];
      const [cellTanh, hidden, hiddenGradient, cellGradient] = [own(), own(), own(), own()];
      workspace.lstmCell({ gates, cellBefore, cell, cellTanh, hidden, batch, units });
      const forward = Float32Array.from(gates);
      workspace.lstmCellBackward({
        ...{ gates, cellBefore, cellTanh, hiddenGradient, cellGradient, batch, units },
      });
      const length = batch * units;
      const secondMoment = own().map(Math.abs);
      const squares = workspace.allocate(length);
      squares.set(secondMoment);
      workspace.adam({
        ...{ values: cell, gradients: hidden, gradientScale: 0.5, firstMoment: cellGradient },
        ...{ secondMoment: squares, beta1: 0.9, beta2: 0.99, rate: 0.1, secondCorrection: 2 },
        ...{ epsilon: 1e-3, length },
      });
      return [forward, gates, cellTanh, hidden, cell, cellGradient, squares];
    });
  });

  const lstm = (units: number, returnSequences: boolean): LayerSpec => ({
    kind: 'lstm',
    units,
    returnSequences,
  });
  it('a whole network: what it gives, its loss, its gradients', () => {
    const layers: LayerSpec[] = [
      lstm(21, true),
      { kind: 'layerNorm' },
      { kind: 'dropout', rate: 0.2 },
      lstm(16, true),
      { kind: 'meanOfSteps' },
      { kind: 'dense', units: 5, activation: 'softplus' },
    ];
    const run = (each: Kernel) => {
      const network = new Network({ steps: 20, features: 3, layers }, { kernel: each, seed: 4 });
      const random = new SeededRandom('batch');
      const input = Float32Array.from({ length: 6 * 60 }, () => random.normal());
      const loss = squaredLoss(new Float32Array(30));
      const result = network.gradients({ input, count: 6, loss, random });
      return [...network.predict(input, 6), result.loss, ...result.gradients];
    };
    const want = run(reference);
    for (const [i, value] of run(kernel).entries()) {
      expect(Math.abs(value - (want[i] as number))).toBeLessThan(tolerance);
    }
  });
});
