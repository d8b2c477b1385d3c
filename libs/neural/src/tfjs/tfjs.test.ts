import { beforeAll, describe, expect, it } from 'vitest';
import { openTfjs } from './open-tfjs.ts';
import { describeParity } from './testing/parity.ts';
import type { TfjsEngine, TfjsEngineName } from './tfjs-module.ts';
import { TfjsNetwork } from './tfjs-network.ts';

describe.each(['tfjs-cpu', 'tfjs-wasm'] as TfjsEngineName[])('parity with %s', (name) => {
  let engine: TfjsEngine;
  beforeAll(async () => {
    engine = await openTfjs(name);
  });

  it('runs on the engine that was asked for', () => {
    expect(engine.run(() => engine.tf.getBackend())).toBe(name.slice('tfjs-'.length));
  });

  describeParity(() => engine);
});

describe('TfjsNetwork', () => {
  const layers = [{ kind: 'meanOfSteps' }, { kind: 'dense', units: 1, activation: 'linear' }];
  const spec = { steps: 2, features: 3, layers: layers as never };
  let network: TfjsNetwork;
  beforeAll(async () => {
    network = new TfjsNetwork(await openTfjs('tfjs-cpu'), spec);
  });

  it('refuses a window of another size, or with a number that is none', () => {
    expect(() => network.predict(new Float32Array(5), 1)).toThrow('an input has 1 x 2 x 3 numbers');
    expect(() => network.predict(new Float32Array(6).fill(Number.NaN), 1)).toThrow(/not a finite/);
  });

  it('refuses weights of another network, and says which differ', () => {
    expect(() => network.setWeights([])).toThrow('the network has 2 weights, got 0');
    const weights = network.weights().map((each) => ({ ...each, shape: [9] }));
    expect(() => network.setWeights(weights)).toThrow('weight 0 has shape [3,1], got [9]');
  });

  it('refuses a loss that is not finite, and keeps its weights', () => {
    const before = network.weights();
    const example = { input: new Float32Array(6), count: 1, loss: () => Number.NaN };
    expect(() => network.trainStep(example)).toThrow('the loss is NaN');
    expect(network.weights()).toEqual(before);
  });
});
