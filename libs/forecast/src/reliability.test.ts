import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reliability } from './reliability.ts';

function after(outcomes: readonly boolean[], duty: number): number {
  const reliability = new Reliability();
  for (const outcome of outcomes) reliability.observe(outcome);
  return reliability.probability(duty);
}

describe('Reliability', () => {
  it('believes a forecaster that has shown nothing about three times in four', () => {
    // 0.2 x 0.1 + 0.05 x 0.5 + 0.02 x 0.8 + 0.04 x 0.9 + 0.34 x 0.97 + 0.35 x 0.995
    expect(after([], 0.1)).toBeCloseTo(0.77505, 5);
  });

  it('passes 0.95 after two claims of two came true where chance is rare', () => {
    expect(after([true, true], 0.07)).toBeGreaterThan(0.95);
    expect(after([true], 0.07)).toBeLessThan(0.95);
  });

  it('falls back below 0.95 after one claim in six failed', () => {
    expect(after([true, true, true, true, true, false], 0.07)).toBeLessThan(0.95);
  });

  it('ends near the rate of chance after a dozen failures', () => {
    expect(after(Array(12).fill(false), 0.1)).toBeLessThan(0.15);
  });

  it('is a probability, and one more hit never lowers it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 11 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (outcomes, duty) => {
          const before = after(outcomes, duty);
          expect(before).toBeGreaterThan(0);
          expect(before).toBeLessThan(1);
          expect(after([...outcomes, true], duty)).toBeGreaterThanOrEqual(before - 1e-12);
        },
      ),
    );
  });
});
