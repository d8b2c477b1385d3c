import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { Adam } from '../../adam.ts';
import { typescriptKernel } from '../../kernel/typescript-kernel.ts';
import { Network } from '../../network.ts';
import type { LayerSpec, NetworkSpec } from '../../network-spec.ts';
import { squaredLoss } from '../../testing/gradient-check.ts';
import type { TfjsEngine } from '../tfjs-module.ts';
import { TfjsNetwork } from '../tfjs-network.ts';

/** What the two may differ by: the bar of the parity. */
const tolerance = 1e-5;
const batch = 3;

const encoder: LayerSpec = { kind: 'encoder', heads: 2, feedForward: 12, dropout: 0.1 };
const dense = (units: number, activation: 'linear' | 'relu' | 'tanh' = 'linear'): LayerSpec => ({
  ...{ kind: 'dense', units, activation },
});

/** Every kind of layer, and every activation. Dropout without a rate: tfjs draws without a seed. */
const cases: Readonly<Record<string, readonly LayerSpec[]>> = {
  'lstm on lstm, dense': [
    { kind: 'lstm', units: 16, returnSequences: true },
    { kind: 'dropout', rate: 0 },
    { kind: 'lstm', units: 8, returnSequences: false },
    dense(6, 'relu'),
    dense(2),
  ],
  'dense of every activation, layer norm, mean of steps': [
    dense(8, 'tanh'),
    { kind: 'dense', units: 8, activation: 'softplus' },
    { kind: 'layerNorm' },
    { kind: 'dense', units: 8, activation: 'sigmoid' },
    { kind: 'meanOfSteps' },
    dense(2),
  ],
  'transformer encoder blocks': [
    dense(8),
    { kind: 'positions' },
    { ...encoder, dropout: 0 },
    { ...encoder, dropout: 0 },
    { kind: 'layerNorm' },
    { kind: 'lastStep' },
    dense(2),
  ],
};

/** Declares the tests of parity between our network and tfjs on one of its engines. */
export function describeParity(open: () => TfjsEngine): void {
  for (const [name, layers] of Object.entries(cases)) {
    const spec: NetworkSpec = { steps: 10, features: 4, layers };
    it(`${name}: weights of ours give the same answers there`, () => {
      const { ours, theirs, input } = pair(open(), spec);
      theirs.setWeights(ours.parameters);
      expectClose(theirs.predict(input, batch), ours.predict(input, batch));
      theirs.close();
    });

    it(`${name}: weights that tfjs started give the same answers here`, () => {
      const { ours, theirs, input } = pair(open(), spec);
      for (const [index, { shape, values }] of theirs.weights().entries()) {
        expect(shape).toEqual(ours.parameters[index]?.shape);
        ours.parameters[index]?.values.set(values);
      }
      expectClose(ours.predict(input, batch), theirs.predict(input, batch));
      theirs.close();
    });

    it(`${name}: its automatic derivatives are our gradients, and one step of Adam ours`, () => {
      const { ours, theirs, input } = pair(open(), spec);
      theirs.setWeights(ours.parameters);
      const random = new SeededRandom('target');
      const target = Float32Array.from({ length: batch * ours.outputs }, () => random.normal());
      const example = { input, count: batch, loss: squaredLoss(target) };
      const own = ours.gradients({ ...example, random });
      const their = theirs.gradients(example);
      expect(their.loss).toBeCloseTo(own.loss, 5);
      expectClose(their.gradients, own.gradients);
      new Adam({ learningRate: 0.01 }).update(ours, own.gradients);
      expect(theirs.trainStep(example, 0.01)).toBeCloseTo(own.loss, 5);
      expectClose(theirs.predict(input, batch), ours.predict(input, batch), 1e-4);
      theirs.close();
    });
  }

  it('learns with dropout: steps of training lower the loss, and nothing is left behind', () => {
    const engine = open();
    const layers = [dense(8), { ...encoder }, { kind: 'meanOfSteps' } as const, dense(1)];
    const { theirs, input } = pair(engine, { steps: 10, features: 4, layers });
    const example = { input, count: batch, loss: squaredLoss([1, -1, 0.5]) };
    const first = theirs.trainStep(example, 0.02);
    const { numTensors } = engine.tf.memory();
    for (let step = 0; step < 20; step++) theirs.trainStep(example);
    expect(theirs.trainStep(example)).toBeLessThan(first / 2);
    expect(engine.tf.memory().numTensors).toBe(numTensors);
    theirs.close();
  });
}

function pair(engine: TfjsEngine, spec: NetworkSpec) {
  const random = new SeededRandom('parity');
  const length = batch * spec.steps * spec.features;
  return {
    ours: new Network(spec, { kernel: typescriptKernel(), seed: 'parity' }),
    theirs: new TfjsNetwork(engine, spec),
    input: Float32Array.from({ length }, () => random.normal()),
  };
}

function expectClose(actual: Float32Array, expected: Float32Array, within = tolerance): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (const [index, value] of expected.entries()) {
    const size = Math.max(1, Math.abs(value));
    worst = Math.max(worst, Math.abs((actual[index] as number) - value) / size);
  }
  expect(worst).toBeLessThan(within);
}
