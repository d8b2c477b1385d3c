import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import type { LayerSpec } from '../network-spec.ts';
import { worstGradientError } from '../testing/gradient-check.ts';
import { drawMask } from './dropout.ts';
import { orthogonalRows } from './initial-values.ts';

const dense = (activation: 'linear' | 'relu' | 'tanh' | 'sigmoid' | 'softplus'): LayerSpec => ({
  kind: 'dense',
  units: 3,
  activation,
});
const lstm = (returnSequences: boolean): LayerSpec => ({ kind: 'lstm', units: 3, returnSequences });

describe('gradients agree with central differences', () => {
  const cases: Record<string, LayerSpec[]> = {
    'lstm that gives its last step': [lstm(false)],
    'lstm that gives every step': [lstm(true)],
    'lstm on lstm': [lstm(true), lstm(false), dense('linear')],
    'dense, linear': [dense('linear'), lstm(false)],
    'dense, relu': [dense('relu'), dense('linear')],
    'dense, tanh': [dense('tanh'), lstm(false)],
    'dense, sigmoid': [dense('sigmoid'), lstm(false)],
    'dense, softplus': [dense('softplus'), lstm(false)],
    dropout: [dense('tanh'), { kind: 'dropout', rate: 0.4 }, lstm(true), dense('linear')],
    'layer norm': [dense('tanh'), { kind: 'layerNorm' }, dense('linear')],
    'the last step': [lstm(true), { kind: 'lastStep' }, dense('linear')],
    'the mean of the steps': [lstm(true), { kind: 'meanOfSteps' }, dense('linear')],
  };
  it.each(Object.entries(cases))('%s', (_, layers) => {
    expect(worstGradientError({ steps: 4, features: 2, layers })).toBeLessThan(1e-6);
  });
});

describe('orthogonalRows', () => {
  it('gives rows of length 1, each at right angles to the others', () => {
    const values = orthogonalRows(4, 9)(new SeededRandom(1));
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < 4; b++) {
        let dot = 0;
        for (let i = 0; i < 9; i++) {
          dot += (values[a * 9 + i] as number) * (values[b * 9 + i] as number);
        }
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 6);
      }
    }
  });
});

describe('drawMask', () => {
  it('drops the share asked for and keeps the mean', () => {
    const length = 40_001;
    const mask = new Float32Array(length + 1).fill(-1);
    drawMask(mask, length, 0.3, new SeededRandom('mask'));
    const kept = mask.subarray(0, length).filter((value) => value > 0).length;
    const deviation = Math.sqrt(0.3 * 0.7 * length);
    expect(Math.abs(kept - 0.7 * length)).toBeLessThan(4 * deviation);
    expect(mask[0] === 0 || Math.abs((mask[0] as number) - 1 / 0.7) < 1e-4).toBe(true);
    expect(mask[length]).toBe(-1);
  });
});
