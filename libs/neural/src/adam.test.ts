import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { Adam } from './adam.ts';
import { typescriptKernel } from './kernel/typescript-kernel.ts';
import { Network } from './network.ts';
import type { LayerSpec } from './network-spec.ts';
import { squaredLoss } from './testing/gradient-check.ts';

const dense: LayerSpec = { kind: 'dense', units: 1, activation: 'linear' };
const open = (layers: LayerSpec[] = [dense]) =>
  new Network({ steps: 1, features: 2, layers }, { kernel: typescriptKernel(), seed: 1 });

describe('Adam', () => {
  it('takes first steps of the learning rate, whatever the size of the gradient', () => {
    const network = open();
    network.values.set([1, 1, 1]);
    new Adam({ learningRate: 0.1 }).update(network, Float32Array.of(5, -0.01, 0));
    expect([...network.values].map((value) => value.toFixed(4))).toEqual([
      '0.9000',
      '1.1000',
      '1.0000',
    ]);
  });

  it('follows the algorithm of the paper over several steps', () => {
    const network = open();
    network.values.set([0, 0, 0]);
    const adam = new Adam({ learningRate: 0.5, beta1: 0.8, beta2: 0.9, epsilon: 1e-3 });
    let [m, v, x] = [0, 0, 0];
    for (const [index, gradient] of [1, -2, 0.5, 3].entries()) {
      adam.update(network, Float32Array.of(gradient, 0, 0), 0.25);
      m = 0.8 * m + 0.2 * gradient;
      v = 0.9 * v + 0.1 * gradient ** 2;
      const t = index + 1;
      x -= (0.25 * (m / (1 - 0.8 ** t))) / (Math.sqrt(v / (1 - 0.9 ** t)) + 1e-3);
      expect(network.values[0]).toBeCloseTo(x, 5);
    }
  });

  it('clips by the norm of all gradients together', () => {
    const moments = (clipNorm: number, gradients: number[]) => {
      const network = open();
      const adam = new Adam({ learningRate: 0.1, clipNorm });
      adam.update(network, Float32Array.from(gradients));
      return [...adam.state(network).firstMoment].map((value) => value.toFixed(4));
    };
    expect(moments(1, [30, 40, 0])).toEqual(['0.0600', '0.0800', '0.0000']);
    expect(moments(100, [30, 40, 0])).toEqual(['3.0000', '4.0000', '0.0000']);
  });

  it('refuses gradients that are not finite, and leaves the weights', () => {
    const network = open();
    const before = [...network.values];
    const adam = new Adam({ learningRate: 1 });
    expect(() => adam.update(network, Float32Array.of(1, Number.NaN, 0))).toThrow(/diverged/);
    expect([...network.values]).toEqual(before);
  });

  it('carries on from its state as if nothing had been between', () => {
    const [whole, first, second] = [open(), open(), open()];
    const gradient = (t: number) => Float32Array.of(t, 1 / t, -t);
    const adam = new Adam({ learningRate: 0.1 });
    for (let t = 1; t <= 6; t++) adam.update(whole, gradient(t));
    const before = new Adam({ learningRate: 0.1 });
    for (let t = 1; t <= 3; t++) before.update(first, gradient(t));
    second.values.set(first.values);
    const after = new Adam({ learningRate: 0.1 });
    after.restore(second, before.state(first));
    for (let t = 4; t <= 6; t++) after.update(second, gradient(t));
    expect(second.values).toEqual(whole.values);
  });

  it('teaches an LSTM to remember the first step', () => {
    const spec = { steps: 5, features: 1 };
    const layers: LayerSpec[] = [{ kind: 'lstm', units: 6, returnSequences: false }, dense];
    const network = new Network({ ...spec, layers }, { kernel: typescriptKernel(), seed: 3 });
    const adam = new Adam({ learningRate: 0.02, clipNorm: 1 });
    const random = new SeededRandom('lesson');
    let loss = 1;
    for (let step = 0; step < 300; step++) {
      const input = Float32Array.from({ length: 80 }, () => random.normal());
      const target = Float32Array.from({ length: 16 }, (_, row) => input[row * 5] as number);
      const result = network.gradients({ input, count: 16, loss: squaredLoss(target), random });
      loss += 0.1 * (result.loss - loss);
      adam.update(network, result.gradients);
    }
    expect(loss).toBeLessThan(0.05);
  });
});
