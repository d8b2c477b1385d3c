import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { openKernel } from './kernel/open-kernel.ts';
import { typescriptKernel } from './kernel/typescript-kernel.ts';
import { Network } from './network.ts';
import type { LayerSpec, NetworkSpec } from './network-spec.ts';
import { squaredLoss } from './testing/gradient-check.ts';

const kernel = typescriptKernel();
const recurrent: readonly LayerSpec[] = [
  { kind: 'lstm', units: 5, returnSequences: true },
  { kind: 'dropout', rate: 0.5 },
  { kind: 'lstm', units: 4, returnSequences: false },
  { kind: 'dense', units: 3, activation: 'softplus' },
];
const spec: NetworkSpec = { steps: 6, features: 2, layers: recurrent };
const open = (layers: readonly LayerSpec[] = recurrent) =>
  new Network({ ...spec, layers }, { kernel, seed: 7 });

function normal(length: number, seed = 'input'): Float32Array {
  const random = new SeededRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
}

describe('Network', () => {
  it('has its parameters in Keras order and shape, the forget gate open', () => {
    const network = open();
    expect(network.parameters.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['0.lstm.kernel', 2, 20],
      ['0.lstm.recurrent', 5, 20],
      ['0.lstm.bias', 20],
      ['2.lstm.kernel', 5, 16],
      ['2.lstm.recurrent', 4, 16],
      ['2.lstm.bias', 16],
      ['3.dense.kernel', 4, 3],
      ['3.dense.bias', 3],
    ]);
    const bias = network.parameters[2]?.values;
    expect([...(bias ?? [])]).toEqual([
      ...Array(5).fill(0),
      ...Array(5).fill(1),
      ...Array(10).fill(0),
    ]);
  });

  it('starts alike from equal seeds and otherwise from others', () => {
    const other = new Network(spec, { kernel, seed: 8 });
    expect(open().values).toEqual(open().values);
    expect(open().values).not.toEqual(other.values);
  });

  it('gives each sequence of a batch what it gives it alone', () => {
    const network = open();
    const input = normal(3 * 12);
    const together = network.predict(input, 3);
    const alone = [0, 1, 2].flatMap((row) => [
      ...network.predict(input.subarray(row * 12, (row + 1) * 12), 1),
    ]);
    expect(alone).toEqual([...together]);
  });

  it('a larger batch in between changes nothing', async () => {
    const network = new Network(spec, { kernel: await openKernel('wasm'), seed: 7 });
    const input = normal(2 * 12);
    const before = network.predict(input, 2);
    network.predict(normal(50 * 12), 50);
    expect(network.predict(input, 2)).toEqual(before);
  });

  it('gives sequences one after the other where the steps remain', () => {
    const network = open([{ kind: 'dense', units: 2, activation: 'linear' }]);
    const [kernelOf, biasOf] = network.parameters;
    kernelOf?.values.set([1, 0, 0, 1]);
    biasOf?.values.set([0, 0]);
    const input = normal(24);
    expect(network.outputs).toBe(12);
    expect(network.predict(input, 2)).toEqual(input);
  });

  it('carried from step to step gives what the whole window gives', () => {
    const network = open();
    const input = normal(2 * 12);
    const state = network.openState(2);
    let last = new Float32Array(0);
    for (let step = 0; step < 6; step++) {
      const rows = [0, 1].flatMap((row) => [...input.subarray(row * 12 + step * 2).subarray(0, 2)]);
      last = Float32Array.from(network.step(Float32Array.from(rows), state));
    }
    const whole = network.predict(input, 2);
    for (const [i, value] of whole.entries()) expect(last[i]).toBeCloseTo(value, 6);
  });

  it('a row of a state moves to another batch with its sequence', () => {
    const network = open();
    const state = network.openState(2);
    network.step(normal(4), state);
    const alone = network.openState(1);
    alone.values.set(state.values.subarray(state.width));
    const next = normal(4, 'next');
    const both = network.step(next, state);
    const one = network.step(next.subarray(2), alone);
    expect([...one]).toEqual([...both.subarray(3)]);
  });

  it('refuses to go step by step where a layer needs the window', () => {
    const network = open([
      { kind: 'meanOfSteps' },
      { kind: 'dense', units: 1, activation: 'relu' },
    ]);
    expect(() => network.openState(1)).toThrow(/meanOfSteps \(layer 0\) cannot go step by step/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d in words', (bad) => {
    const network = open();
    const input = normal(12);
    input[5] = bad;
    expect(() => network.predict(input, 1)).toThrow(/number 5 of the input is (NaN|Infinity)/);
    const state = network.openState(1);
    expect(() => network.step(Float32Array.of(1, bad), state)).toThrow(RangeError);
    expect(state.values.every((value) => value === 0)).toBe(true);
  });

  it('never gives a number that is not finite', () => {
    const network = open([{ kind: 'dense', units: 1, activation: 'linear' }]);
    network.values.fill(1e30);
    expect(() => network.predict(new Float32Array(12).fill(1e30), 1)).toThrow(/of the output is/);
  });

  it('refuses an input of another size', () => {
    expect(() => open().predict(normal(11), 1)).toThrow(/has 1 x 6 x 2 numbers, got 11/);
    expect(() => open().predict(normal(12), 0)).toThrow(RangeError);
    expect(() => open().step(normal(3), open().openState(1))).toThrow(/1 x 2 numbers, got 3/);
  });

  it.each([
    { ...spec, steps: 0 },
    { ...spec, layers: [] },
    { ...spec, layers: [{ kind: 'dense', units: 1.5, activation: 'relu' } as const] },
    { ...spec, layers: [{ kind: 'dropout', rate: 1 } as const] },
    { ...spec, layers: [{ kind: 'unknown' } as never] },
  ])('refuses a spec that describes no network (%#)', (bad) => {
    expect(() => new Network(bad, { kernel, seed: 1 })).toThrow(RangeError);
  });

  it('the mask of dropout depends on the random numbers handed in and on nothing else', () => {
    const network = open();
    const batch = { input: normal(24), count: 2, loss: squaredLoss(new Float32Array(6)) };
    const loss = (seed: number) =>
      network.gradients({ ...batch, random: new SeededRandom(seed) }).loss;
    expect(loss(1)).toBe(loss(1));
    expect(loss(1)).not.toBe(loss(2));
  });
});
