import { describe, expect, it } from 'vitest';
import { burstLoss, HAZARD_BINS, HEAD_OUTPUTS, readBurstHead } from './burst-head.ts';

const truth = {
  timeS: Float32Array.of(3.4, HAZARD_BINS, Number.NaN),
  logMagnitude: Float32Array.of(2, 0, 0),
};
const outputs = Float32Array.from({ length: 3 * HEAD_OUTPUTS }, (_, i) => Math.sin(i * 1.7));

describe('burstLoss', () => {
  it('has the gradient that finite differences give', () => {
    const gradient = new Float32Array(outputs.length);
    burstLoss(truth, outputs, gradient);
    const ignored = new Float32Array(outputs.length);
    for (let i = 0; i < outputs.length; i++) {
      const moved = (by: number) => {
        const other = outputs.slice();
        other[i] = (other[i] as number) + by;
        return burstLoss(truth, other, ignored);
      };
      expect(gradient[i]).toBeCloseTo((moved(1e-2) - moved(-1e-2)) / 2e-2, 3);
    }
  });

  it('asks nothing where the truth is not known', () => {
    const gradient = new Float32Array(outputs.length);
    burstLoss(truth, outputs, gradient);
    expect(gradient.subarray(2 * HEAD_OUTPUTS).every((g) => g === 0)).toBe(true);
    const none = { timeS: Float32Array.of(Number.NaN), logMagnitude: Float32Array.of(0) };
    expect(burstLoss(none, outputs.slice(0, HEAD_OUTPUTS), new Float32Array(HEAD_OUTPUTS))).toBe(0);
  });
});

describe('readBurstHead', () => {
  it('turns hazards into masses that add up to the probability', () => {
    const logits = new Float32Array(HEAD_OUTPUTS);
    const { masses, probability } = readBurstHead(logits);
    expect(masses[0]).toBeCloseTo(0.5, 6);
    expect(masses[1]).toBeCloseTo(0.25, 6);
    expect(probability).toBeCloseTo(1 - 0.5 ** HAZARD_BINS, 6);
    expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(probability, 6);
  });

  it('keeps quantiles in order and every number bounded, whatever the network says', () => {
    const { magnitudes, timeS } = readBurstHead(
      Float32Array.from({ length: HEAD_OUTPUTS }, (_, i) => (i % 2 === 0 ? 1e30 : -1e30)),
    );
    expect(magnitudes).toEqual(magnitudes.toSorted((a, b) => a - b));
    for (const value of [...magnitudes, timeS]) expect(Number.isFinite(value)).toBe(true);
  });
});
