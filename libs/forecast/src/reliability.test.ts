import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reliability } from './reliability.ts';

const probabilities = fc.double({ min: 0, max: 1, noNaN: true });

function after(outcomes: readonly boolean[], duty: number): number {
  const reliability = new Reliability();
  for (const cameTrue of outcomes) reliability.observe({ cameTrue, stated: 1 });
  return reliability.hitRate(duty);
}

describe('hit rate', () => {
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

/** What a calibrated 0.98 is worth after claims stated at `stated`. */
function worth(outcomes: readonly boolean[], stated: number): number {
  const reliability = new Reliability();
  for (const cameTrue of outcomes) reliability.observe({ cameTrue, stated });
  return reliability.recalibrated(0.98, 0.1);
}

describe('recalibration', () => {
  it('takes a calibrated probability nearly as stated before anything is known of the link', () => {
    // 0.95 x 0.98 + 0.03 x 0.8 x 0.98 + 0.01 x 0.5 x 0.98 + 0.01 x 0.1
    expect(worth([], 0.98)).toBeCloseTo(0.96042, 5);
  });

  it('forgives one early failure of a claim that was not stated as sure', () => {
    const outcomes = [false, true, true, true, true, true, true];
    expect(worth(outcomes, 0.85)).toBeGreaterThan(0.96);
    expect(worth(outcomes, 0.98)).toBeLessThan(worth(outcomes, 0.85));
  });

  it('stops believing one whose claims fail here, whatever it was worth elsewhere', () => {
    expect(worth(Array(2).fill(false), 0.95)).toBeLessThan(0.7);
    expect(worth(Array(5).fill(false), 0.95)).toBeLessThan(0.2);
  });

  it('never makes more of a probability than was stated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ cameTrue: fc.boolean(), stated: probabilities }), { maxLength: 20 }),
        probabilities,
        probabilities,
        (outcomes, probability, duty) => {
          const reliability = new Reliability();
          for (const outcome of outcomes) reliability.observe(outcome);
          const now = reliability.recalibrated(probability, duty);
          expect(now).toBeGreaterThanOrEqual(0);
          expect(now).toBeLessThanOrEqual(probability + 1e-12);
        },
      ),
    );
  });
});
