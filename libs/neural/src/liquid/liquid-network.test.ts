import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { worstGradientGap } from './finite-difference.ts';
import { initialParameters } from './initial-parameters.ts';
import { parseLiquidConfig } from './liquid-config.ts';
import { LiquidNetwork } from './liquid-network.ts';

const SIZES = { inputs: 3, units: 12, motors: 3, outputs: 2, backboneUnits: 5 };
const STEPS = 4;

function networkOf(raw: object, seed = 'liquid'): LiquidNetwork {
  const config = parseLiquidConfig(raw);
  const random = new SeededRandom(seed);
  const parameters = initialParameters(config, SIZES, random);
  const network = new LiquidNetwork({ config, parameters, outputs: SIZES.motors });
  // Zeros and ones are points where an error in a gradient does not show.
  for (let i = 0; i < network.parameters.values.length; i++) {
    network.parameters.values[i] = (network.parameters.values[i] ?? 0) + random.normal(0, 0.1);
  }
  return network;
}

function sequence(seed: string) {
  const random = new SeededRandom(seed);
  return {
    steps: STEPS,
    values: Float64Array.from({ length: STEPS * SIZES.inputs }, () => random.normal()),
    timespans: Float64Array.from({ length: STEPS }, () => random.uniform(0.2, 3)),
  };
}

const CFC = { cell: 'cfc', backboneActivation: 'lecun_tanh' };
const LTC = { cell: 'ltc' };

describe('LiquidNetwork', () => {
  it.each([
    { ...CFC, mode: 'default', backboneLayers: 0 },
    { ...CFC, mode: 'default', backboneLayers: 3, mixedMemory: true, outputProjection: true },
    { ...CFC, mode: 'no_gate', backboneLayers: 2, backboneActivation: 'gelu' },
    { ...CFC, mode: 'pure', backboneLayers: 1, backboneActivation: 'silu', mixedMemory: true },
    { ...CFC, mode: 'default', backboneLayers: 1, backboneActivation: 'tanh' },
    { ...CFC, mode: 'default', backboneLayers: 1, backboneActivation: 'relu' },
    { ...CFC, mode: 'default', backboneLayers: 0, wired: true, outputProjection: true },
    { ...CFC, mode: 'pure', backboneLayers: 0, wired: true, mixedMemory: true },
    { ...CFC, mode: 'no_gate', backboneLayers: 0, wired: true },
    { ...LTC, unfolds: 1 },
    { ...LTC, unfolds: 6, wired: true, mixedMemory: true },
    { ...LTC, unfolds: 4, constraints: 'none', inputMap: 'none', outputMap: 'none' },
    { ...LTC, unfolds: 3, inputMap: 'linear', outputMap: 'linear', outputProjection: true },
  ])('has the gradient that differences give: %j', (config) => {
    const { gap, parameter } = worstGradientGap(networkOf(config), sequence('x'));
    expect({ parameter, isClose: gap < 1e-6 }).toMatchObject({ isClose: true });
  });

  it('takes single steps to the same numbers as a whole sequence', () => {
    const network = networkOf({ ...CFC, mode: 'default', backboneLayers: 1, mixedMemory: true });
    const { values, timespans, steps } = sequence('steps');
    const whole = network.forward({ values, timespans, steps });
    const state = network.openState();
    const singles = Array.from({ length: steps }, (_, t) =>
      network.step(values.slice(3 * t, 3 * t + 3), state, timespans[t]),
    );
    expect(singles.flatMap((output) => [...output])).toEqual([...whole]);
  });

  it('answers to the time that passed between two samples', () => {
    const network = networkOf({ ...CFC, mode: 'default', backboneLayers: 1 });
    const input = Float64Array.of(1, -1, 0.5);
    const after = (timespan: number) => [...network.step(input, network.openState(), timespan)];
    expect(after(0.1)).not.toEqual(after(5));
  });

  it('counts the multiply-accumulates of the synapses that exist', () => {
    const dense = networkOf({ ...CFC, mode: 'default', backboneLayers: 0 });
    expect(dense.macs).toBe(4 * 12 * 15);
    const wired = networkOf({ ...CFC, mode: 'default', backboneLayers: 0, wired: true });
    expect(wired.macs).toBeLessThan(4 * (6 * 9 + 3 * 9 + 3 * 6));
  });

  it.each([
    ['a number that is not finite', [1, Number.NaN, 0], 1, /input 1 is NaN/],
    ['a wrong width', [1, 2], 1, /2 numbers for 1 steps of 3 inputs/],
    ['time that stands still', [1, 2, 3], 0, /timespan 0 is 0, not above 0/],
    ['time that runs backwards', [1, 2, 3], -1, /timespan 0 is -1/],
  ])('refuses %s', (_, input, timespan, text) => {
    const network = networkOf({ ...CFC, mode: 'default', backboneLayers: 1 });
    const step = () => network.step(Float64Array.from(input), network.openState(), timespan);
    expect(step).toThrow(text);
  });

  it('takes as many backbone layers as the config says, and refuses fewer', () => {
    const one = parseLiquidConfig({ ...CFC, mode: 'default', backboneLayers: 0 });
    const none = initialParameters(one, SIZES, new SeededRandom(1));
    const unused = { shape: [5, 15], data: new Float64Array(75).fill(1) };
    const offset = { shape: [5], data: new Float64Array(5) };
    const name = 'rnn_cell.backbone.0';
    const parameters = { [`${name}.weight`]: unused, [`${name}.bias`]: offset, ...none };
    const { values, steps } = sequence('unused');
    const outputs = [none, parameters].map((arrays) =>
      new LiquidNetwork({ config: one, parameters: arrays }).forward({ values, steps }),
    );
    expect(outputs[1]).toEqual(outputs[0]);
    const two = { ...one, backboneLayers: 2 };
    expect(() => new LiquidNetwork({ config: two, parameters })).toThrow(
      /has 1 layers, the config 2/,
    );
  });

  it('refuses parameters that are missing, of another shape, or not numbers', () => {
    const config = parseLiquidConfig({ ...CFC, mode: 'default', backboneLayers: 1 });
    const good = initialParameters(config, SIZES, new SeededRandom(1));
    const { 'rnn_cell.ff2.bias': _, ...less } = good;
    const build = (parameters: typeof good) => () => new LiquidNetwork({ config, parameters });
    expect(build(less)).toThrow('rnn_cell.ff2.bias is missing');
    const odd = { ...good, 'rnn_cell.ff1.bias': { shape: [1], data: [Number.NaN] } };
    expect(build(odd)).toThrow('rnn_cell.ff1.bias[0] is NaN');
    const short = { ...good, 'rnn_cell.ff1.bias': { shape: [1], data: [1] } };
    expect(build(short)).toThrow(/has the shape 1, the others make it 12/);
  });
});
