import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { typescriptKernel } from '../kernel/typescript-kernel.ts';
import { Network } from '../network.ts';
import type { LayerSpec } from '../network-spec.ts';
import { squaredLoss, worstGradientError } from '../testing/gradient-check.ts';
import { positionEncoding } from './positions.ts';

const encoder = (over: Partial<Extract<LayerSpec, { kind: 'encoder' }>> = {}): LayerSpec => ({
  ...{ kind: 'encoder', heads: 2, feedForward: 5, dropout: 0 },
  ...over,
});
const width = (units: number): LayerSpec => ({ kind: 'dense', units, activation: 'linear' });
const open = (layers: readonly LayerSpec[], features = 4, steps = 5) =>
  new Network({ steps, features, layers }, { kernel: typescriptKernel(), seed: 'transformer' });
const numbers = (length: number, seed = 'input') => {
  const random = new SeededRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
};

describe('gradients agree with central differences', () => {
  const cases: Record<string, LayerSpec[]> = {
    'one head': [encoder({ heads: 1 }), { kind: 'lastStep' }],
    'as many heads as columns': [encoder({ heads: 4 }), { kind: 'meanOfSteps' }],
    'with dropout': [encoder({ dropout: 0.4 }), { kind: 'lastStep' }],
    'positions before, a norm behind': [
      ...[width(4), { kind: 'positions' } as const, encoder(), encoder()],
      ...[{ kind: 'layerNorm' } as const, { kind: 'meanOfSteps' } as const, width(2)],
    ],
  };
  it.each(Object.entries(cases))('%s', (_, layers) => {
    const error = worstGradientError({ steps: 4, features: 4, layers });
    expect(error).toBeLessThan(1e-6);
  });
});

describe('EncoderBlock', () => {
  it('passes its input on unchanged while what it adds is nothing', () => {
    const network = open([encoder()]);
    for (const { name, values } of network.parameters) {
      if (/projection|feedForwardOutput/.test(name)) values.fill(0);
    }
    const input = numbers(2 * 5 * 4);
    expect(network.predict(input, 2)).toEqual(input);
  });

  it('lets every step see every step, whatever their order', () => {
    const network = open([encoder()]);
    const input = numbers(5 * 4);
    const swapped = Float32Array.from(input);
    swapped.set(input.subarray(0, 4), 8);
    swapped.set(input.subarray(8, 12), 0);
    const straight = network.predict(input, 1);
    const other = network.predict(swapped, 1);
    for (let i = 0; i < 4; i++) {
      expect(other[8 + i]).toBeCloseTo(straight[i] as number, 6);
      expect(other[16 + i]).toBeCloseTo(straight[16 + i] as number, 6);
    }
    const moved = Float32Array.from(input);
    (moved[0] as number) += 1;
    expect(network.predict(moved, 1).subarray(16)).not.toEqual(straight.subarray(16));
  });

  it('gives a sequence the same answer alone and in a batch', () => {
    const network = open([width(6), { kind: 'positions' }, encoder({ heads: 3 })]);
    const input = numbers(3 * 5 * 4);
    const together = network.predict(input, 3);
    for (let each = 0; each < 3; each++) {
      const alone = network.predict(input.slice(each * 20, (each + 1) * 20), 1);
      alone.forEach((value, i) => {
        expect(together[each * 30 + i]).toBeCloseTo(value, 5);
      });
    }
  });

  it('drops in training only', () => {
    const network = open([encoder({ dropout: 0.5 }), { kind: 'lastStep' }]);
    const input = numbers(5 * 4);
    const loss = (seed: string) =>
      network.gradients({
        ...{ input, count: 1, loss: squaredLoss([0, 0, 0, 0]) },
        random: new SeededRandom(seed),
      }).loss;
    expect(loss('a')).toBe(loss('a'));
    expect(loss('a')).not.toBe(loss('b'));
    expect(network.predict(input, 1)).toEqual(network.predict(input, 1));
  });

  it('names its parameters in the order of Keras', () => {
    expect(open([encoder()]).parameters.map(({ name }) => name.slice('0.encoder.'.length))).toEqual(
      [
        ...['attentionNorm.gamma', 'attentionNorm.beta', 'query.kernel', 'query.bias'],
        ...['key.kernel', 'key.bias', 'value.kernel', 'value.bias'],
        ...['projection.kernel', 'projection.bias'],
        ...['feedForwardNorm.gamma', 'feedForwardNorm.beta'],
        ...['feedForward.kernel', 'feedForward.bias'],
        ...['feedForwardOutput.kernel', 'feedForwardOutput.bias'],
      ],
    );
  });

  it('refuses heads that do not divide the width, with both numbers', () => {
    expect(() => open([encoder({ heads: 3 })])).toThrow(
      '0.encoder: its input is 4 wide, which 3 heads do not divide',
    );
  });

  it('cannot go step by step, and says so', () => {
    expect(() => open([encoder()]).openState(1)).toThrow(/encoder \(layer 0\).*step by step/);
  });
});

describe('positionEncoding', () => {
  // Vaswani et al. 2017, section 3.5: PE(pos, 2i) = sin(pos / 10000^(2i / width)), odd: cos.
  it('is 0 and 1 at the first step, and sine and cosine of growing wavelength after it', () => {
    const [steps, columns] = [30, 5];
    const table = positionEncoding(steps, columns);
    expect([...table.subarray(0, columns)]).toEqual([0, 1, 0, 1, 0]);
    const at = (step: number, column: number) => table[step * columns + column] as number;
    expect(at(7, 0)).toBeCloseTo(Math.sin(7), 12);
    expect(at(7, 1)).toBeCloseTo(Math.cos(7), 12);
    expect(at(29, 3)).toBeCloseTo(Math.cos(29 / 10_000 ** (2 / 5)), 12);
    expect(at(29, 4)).toBeCloseTo(Math.sin(29 / 10_000 ** (4 / 5)), 12);
  });

  it('is added to every sequence of a batch alike', () => {
    const input = numbers(2 * 5 * 4);
    const table = positionEncoding(5, 4);
    open([{ kind: 'positions' }])
      .predict(input, 2)
      .forEach((value, i) => {
        expect(value).toBeCloseTo((input[i] as number) + (table[i % 20] as number), 6);
      });
  });
});
