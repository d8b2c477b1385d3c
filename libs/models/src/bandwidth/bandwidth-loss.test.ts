import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { addStepLoss, type BandwidthTarget } from './bandwidth-loss.ts';
import { BANDWIDTH_OUTPUTS } from './bandwidth-outputs.ts';

const random = new SeededRandom('bandwidth-loss');
const draw = () => Float32Array.from({ length: BANDWIDTH_OUTPUTS }, () => random.normal());
const target: BandwidthTarget = {
  mean: 0.3,
  steps: Float64Array.from({ length: 10 }, (_, step) => (step === 4 ? NaN : random.normal())),
  weight: 1.7,
};

function lossOf(output: Float32Array, of: BandwidthTarget = target) {
  const gradient = new Float32Array(output.length);
  const loss = addStepLoss({ output, gradient, at: 0, target: of, share: 0.5 });
  return { loss, gradient };
}

describe('addStepLoss', () => {
  it('gives the derivative of its value', () => {
    const output = draw();
    const { gradient } = lossOf(output);
    for (const at of output.keys()) {
      const nudged = (by: number) => {
        const other = Float32Array.from(output);
        other[at] = (other[at] as number) + by;
        return lossOf(other).loss;
      };
      expect(gradient[at]).toBeCloseTo((nudged(1e-3) - nudged(-1e-3)) / 2e-3, 2);
    }
  });

  it('is least at the median for the mean, and asks for nothing of a second not measured', () => {
    const { gradient } = lossOf(new Float32Array(BANDWIDTH_OUTPUTS).fill(0.3));
    expect(gradient[1]).toBeCloseTo(0);
    expect([...gradient.subarray(3 + 4 * 4, 3 + 5 * 4)]).toEqual([0, 0, 0, 0]);
  });

  it('weighs an error by the unit it is counted in', () => {
    const output = draw();
    const double = lossOf(output, { ...target, weight: 2 * target.weight });
    expect(double.loss).toBeCloseTo(2 * lossOf(output).loss, 5);
  });

  it('is bounded in its pull when a path leaps out of silence', () => {
    const leap = { ...target, mean: 1e6, steps: target.steps.map(() => 1e6) };
    const { gradient } = lossOf(draw(), leap);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(3);
  });
});
