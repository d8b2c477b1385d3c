import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTailP, clopperPearson } from './binomial.ts';

describe('binomial tail', () => {
  it.each([
    // Counted by hand: coins and dice.
    { successes: 6, trials: 6, probability: 0.5, tail: 1 / 64 },
    { successes: 5, trials: 6, probability: 0.5, tail: 7 / 64 },
    { successes: 1, trials: 4, probability: 1 / 6, tail: 1 - (5 / 6) ** 4 },
    { successes: 3, trials: 6, probability: 0.1, tail: 0.01585 },
    { successes: 0, trials: 5, probability: 0.3, tail: 1 },
    { successes: 5, trials: 5, probability: 1, tail: 1 },
    { successes: 1, trials: 5, probability: 0, tail: 0 },
  ])('$successes or more of $trials at $probability weigh $tail', ({ tail, ...input }) => {
    expect(binomialTailP(input)).toBeCloseTo(tail, 10);
  });

  it('equals the sum of its terms, and never leaves 0..1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (trials, pick, probability) => {
          const successes = pick % (trials + 1);
          let sum = 0;
          let choose = 1;
          for (let k = 0; k <= trials; k++) {
            if (k >= successes)
              sum += choose * probability ** k * (1 - probability) ** (trials - k);
            choose = (choose * (trials - k)) / (k + 1);
          }
          const tail = binomialTailP({ successes, trials, probability });
          expect(tail).toBeCloseTo(sum, 9);
          expect(tail).toBeGreaterThanOrEqual(0);
          expect(tail).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('stays finite over many trials', () => {
    const tail = binomialTailP({ successes: 19_100, trials: 20_000, probability: 0.95 });
    expect(tail).toBeGreaterThan(0);
    expect(tail).toBeLessThan(0.01);
  });
});

describe('Clopper-Pearson interval', () => {
  it.each([
    // Tabulated 95 % limits.
    { successes: 0, trials: 10, lower: 0, upper: 0.3085 },
    { successes: 1, trials: 10, lower: 0.0025, upper: 0.445 },
    { successes: 5, trials: 10, lower: 0.1871, upper: 0.8129 },
    { successes: 10, trials: 10, lower: 0.6915, upper: 1 },
    { successes: 95, trials: 100, lower: 0.8872, upper: 0.9836 },
  ])('of $successes in $trials is $lower to $upper', ({ successes, trials, lower, upper }) => {
    const interval = clopperPearson({ successes, trials });
    expect(interval.lower).toBeCloseTo(lower, 4);
    expect(interval.upper).toBeCloseTo(upper, 4);
  });

  it('without a success has the closed form 1 - tail^(1/n) as upper limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (trials) => {
        const { upper } = clopperPearson({ successes: 0, trials });
        expect(upper).toBeCloseTo(1 - 0.025 ** (1 / trials), 9);
      }),
    );
  });

  it('holds the share and narrows with more trials', () => {
    const few = clopperPearson({ successes: 19, trials: 20 });
    const many = clopperPearson({ successes: 1900, trials: 2000 });
    expect(few.lower).toBeLessThan(0.95);
    expect(many.lower).toBeGreaterThan(few.lower);
    expect(many.upper).toBeLessThan(few.upper);
    expect(many.lower).toBeLessThan(0.95);
    expect(many.upper).toBeGreaterThan(0.95);
  });
});
