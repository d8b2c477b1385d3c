import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { initialParameters } from './initial-parameters.ts';
import { parseLiquidConfig } from './liquid-config.ts';
import { LiquidNetwork } from './liquid-network.ts';
import { openLiquidEnd, plainLiquidEnd } from './open-liquid-end.ts';

const CFC = { cell: 'cfc', mode: 'default', backboneLayers: 0 };

function networkOf(raw: object, units = 19): LiquidNetwork {
  const random = new SeededRandom('end');
  const config = parseLiquidConfig(raw);
  const sizes = { inputs: 5, units, motors: 3, outputs: 2, backboneUnits: 4 };
  const parameters = initialParameters(config, sizes, random);
  const network = new LiquidNetwork({ config, parameters, outputs: sizes.motors });
  const { values } = network.parameters;
  // Masked weights too: they must not be seen.
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) + random.normal(0, 0.5);
  return network;
}

function sequenceOf(steps: number, scale = 1) {
  const random = new SeededRandom(`sequence ${steps}`);
  return {
    steps,
    values: Float64Array.from({ length: steps * 5 }, () => random.normal(0, scale)),
    timespans: Float64Array.from({ length: steps }, () => random.uniform(0.2, 9)),
  };
}

describe('openLiquidEnd', () => {
  it.each([
    [{ ...CFC }, 'wasm'],
    [{ ...CFC, wired: true, outputProjection: true }, 'wasm'],
    [{ ...CFC, wired: true }, 'wasm'],
    [{ ...CFC, mode: 'no_gate', wired: true }, 'typescript'],
    [{ ...CFC, mode: 'pure' }, 'typescript'],
    [{ ...CFC, backboneLayers: 1, backboneActivation: 'lecun_tanh' }, 'typescript'],
    [{ ...CFC, mixedMemory: true }, 'typescript'],
    [{ cell: 'ltc', unfolds: 3 }, 'typescript'],
  ])('says what the network says after the last step: %j by %s', async (config, backend) => {
    for (const units of [17, 20]) {
      const network = networkOf(config, units);
      const fast = await openLiquidEnd(network);
      expect(fast.backend).toBe(backend);
      for (const sequence of [sequenceOf(1), sequenceOf(40), sequenceOf(7)]) {
        const wanted = plainLiquidEnd(network).end(sequence);
        const found = fast.end(sequence);
        expect(found).toHaveLength(network.outputs);
        // These weights are large: a difference grows from step to step.
        const digits = sequence.steps === 1 ? 14 : 9;
        wanted.forEach((value, index) => {
          expect(found[index]).toBeCloseTo(value, digits);
        });
      }
    }
  });

  it('stays finite and right where every sigmoid is at its end', async () => {
    const network = networkOf({ ...CFC, wired: true });
    const sequence = sequenceOf(20, 1e6);
    const found = (await openLiquidEnd(network)).end(sequence);
    const wanted = plainLiquidEnd(network).end(sequence);
    expect([...found].map((value) => value.toFixed(12))).toEqual(
      [...wanted].map((value) => value.toFixed(12)),
    );
  });

  it('begins every sequence from a state of zeros', async () => {
    const fast = await openLiquidEnd(networkOf({ ...CFC, wired: true }));
    const first = fast.end(sequenceOf(5));
    fast.end(sequenceOf(30));
    expect(fast.end(sequenceOf(5))).toEqual(first);
  });

  it('refuses what the network refuses, with the same words', async () => {
    const network = networkOf({ ...CFC, wired: true });
    const fast = await openLiquidEnd(network);
    const values = Float64Array.of(1, 2, Number.NaN, 4, 5);
    for (const end of [fast, plainLiquidEnd(network)]) {
      expect(() => end.end({ values, steps: 1 })).toThrow('input 2 is NaN');
      const still = { values: new Float64Array(5), steps: 1, timespans: [0] };
      expect(() => end.end(still)).toThrow('timespan 0 is 0, not above 0');
    }
  });
});
