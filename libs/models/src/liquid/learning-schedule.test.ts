import { expect, it } from 'vitest';
import { learningShare } from './learning-schedule.ts';

it('rises for a tenth of the updates and falls to a fiftieth', () => {
  expect(learningShare(1, 100)).toBeCloseTo(0.1, 2);
  expect(learningShare(10, 100)).toBeGreaterThan(0.95);
  expect(learningShare(50, 100)).toBeCloseTo(0.51, 12);
  expect(learningShare(100, 100)).toBeCloseTo(0.02, 12);
  expect(learningShare(50, 3000)).toBeCloseTo(0.5, 2);
});
