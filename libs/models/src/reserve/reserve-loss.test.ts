import { expect, it } from 'vitest';
import { capacityOf, type ReserveStretch, reserveLoss } from './reserve-loss.ts';

const stretch: ReserveStretch = {
  demand: Float64Array.of(4, 9, 2, 7, 12, 3),
  references: Float64Array.of(5, 5, 6, 6, 7, 7),
  price: 0.2,
  delaySeconds: 2,
  scale: 6,
};

it('costs what is rejected with the least asked for over the delay, and what is reserved', () => {
  const output = new Float32Array(6);
  // Second 2 meets 5, second 3 meets 5, second 4 meets 6, second 5 meets 6.
  const rejected = 0 + 2 + 6 + 0;
  const reserved = 6 + 6 + 7 + 7;
  const loss = reserveLoss([stretch], output, new Float32Array(6));
  expect(loss).toBeCloseTo((rejected + 0.2 * reserved) / (6 * 4), 6);
});

it('has the gradient that differences have', () => {
  const output = Float32Array.of(0.1, -0.2, 0.3, 0.05, -0.4, 0.2, 0.2, 0.1, 0, -0.1, 0.3, 0.4);
  const stretches = [stretch, { ...stretch, price: 0.05, delaySeconds: 1 }];
  const gradient = new Float32Array(12);
  reserveLoss(stretches, output, gradient);
  const step = 1e-3;
  for (let at = 0; at < output.length; at++) {
    const moved = (by: number) => {
      const other = Float32Array.from(output);
      other[at] = (output[at] as number) + by;
      return reserveLoss(stretches, other, new Float32Array(12));
    };
    expect(gradient[at]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 3);
  }
});

it('cuts answers that no pool could follow', () => {
  expect(capacityOf(1e9, 10)).toBeLessThan(600);
  expect(capacityOf(-1e9, 10)).toBeGreaterThan(0.4);
});
