import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { chooseBySkill } from './choose-by-skill.ts';
import { LevelChoice } from './level-choice.ts';
import { LevelScore, pinballLoss, skill } from './level-score.ts';

describe('choice by skill', () => {
  const baseline = { name: 'persistence', loss: 100, count: 500 };
  const choose = (serving: string, ...others: { name: string; loss?: number; count?: number }[]) =>
    chooseBySkill({
      serving,
      losses: [baseline, ...others.map((other) => ({ loss: undefined, count: 500, ...other }))],
    });

  it.each([
    { case: 'nobody else', serving: 'persistence', others: [], chosen: 'persistence' },
    { case: 'a clear win', serving: 'persistence', others: [{ name: 'a', loss: 80 }], chosen: 'a' },
    {
      case: 'a win within the margin',
      serving: 'persistence',
      others: [{ name: 'a', loss: 96 }],
      chosen: 'persistence',
    },
    {
      case: 'a win by too few comparisons',
      serving: 'persistence',
      others: [{ name: 'a', loss: 10, count: 59 }],
      chosen: 'persistence',
    },
    {
      case: 'a server still ahead of the baseline, within the margin',
      serving: 'a',
      others: [{ name: 'a', loss: 98 }],
      chosen: 'a',
    },
    {
      case: 'a server that fell behind the baseline',
      serving: 'a',
      others: [{ name: 'a', loss: 101 }],
      chosen: 'persistence',
    },
    {
      case: 'a challenger barely better than the server',
      serving: 'a',
      others: [
        { name: 'a', loss: 80 },
        { name: 'b', loss: 78 },
      ],
      chosen: 'a',
    },
    {
      case: 'a challenger clearly better than the server',
      serving: 'a',
      others: [
        { name: 'a', loss: 80 },
        { name: 'b', loss: 70 },
      ],
      chosen: 'b',
    },
    {
      case: 'a challenger without a finite loss',
      serving: 'persistence',
      others: [{ name: 'a', loss: Number.NaN }, { name: 'b' }],
      chosen: 'persistence',
    },
    {
      case: 'two winners',
      serving: 'persistence',
      others: [
        { name: 'a', loss: 60 },
        { name: 'b', loss: 59 },
      ],
      chosen: 'b',
    },
  ])('$case: $chosen serves', ({ serving, others, chosen }) => {
    expect(choose(serving, ...others)).toBe(chosen);
  });
});

describe('level score', () => {
  it('is worked out by hand over three steps of persistence', () => {
    const score = new LevelScore({ stepsMax: 2 });
    const flat = (q: number) => [
      { q50: q, q90: q, q99: q },
      { q50: q, q90: q, q99: q },
    ];
    for (const value of [10, 14, 12]) score.learn({ value, forecast: flat(value) });
    // One step ahead: errors 4 and 2, steps of the series 4 and 2. Two ahead: 12 against 10.
    expect(score.at(1)).toMatchObject({ count: 2, mae: 3, mase: 1 });
    expect(score.at(2)).toMatchObject({ count: 1, mae: 2, mase: 2 / 3 });
    // +4: (0.5 + 0.9 + 0.99) x 4 / 3; -2: (0.5 + 0.1 + 0.01) x 2 / 3.
    expect(score.at(1)?.pinball).toBeCloseTo((2.39 * 4 + 0.61 * 2) / 6, 12);
  });

  it('compares nothing with a missing value', () => {
    const score = new LevelScore({ stepsMax: 1 });
    const forecast = [{ q50: 1, q90: 1, q99: 1 }];
    for (const value of [1, undefined, Number.NaN]) score.learn({ value, forecast });
    expect(score.at(1)).toBeUndefined();
    expect(score.loss).toBeUndefined();
  });

  it('halves an error after its half-life', () => {
    const score = new LevelScore({ stepsMax: 1, halfLifeSteps: 1 });
    const forecast = [{ q50: 0, q90: 0, q99: 0 }];
    for (const value of [0, 4, 1]) score.learn({ value, forecast });
    // Weights 1/2 and 1: (4 / 2 + 1) / 1.5
    expect(score.at(1)?.mae).toBeCloseTo(2, 12);
  });

  it('the pinball loss is least at the quantile', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index + 1);
    const total = (quantile: number) =>
      values.reduce((sum, value) => sum + pinballLoss({ value, quantile, level: 0.9 }), 0);
    expect(total(900)).toBeLessThan(total(850));
    expect(total(900)).toBeLessThan(total(950));
  });

  it.each([
    { loss: 5, baseline: 10, expected: 0.5 },
    { loss: 20, baseline: 10, expected: -1 },
    { loss: 0, baseline: 0, expected: 0 },
    { loss: 1, baseline: 0, expected: Number.NEGATIVE_INFINITY },
  ])('skill of $loss against $baseline is $expected', ({ loss, baseline, expected }) => {
    expect(skill({ loss, baseline })).toBe(expected);
  });
});

describe('level choice', () => {
  it('stands on persistence where nothing beats it, and leaves it where something does', () => {
    const random = new SeededRandom('choice');
    const walk = new LevelChoice();
    let level = 1e6;
    let served = 0;
    for (let step = 0; step < 1200; step++) {
      level += random.normal(0, 100);
      walk.learn(level);
      if (walk.serving === 'persistence') served += 1;
    }
    expect(served / 1200).toBeGreaterThan(0.9);
    const seasonal = new LevelChoice();
    for (let step = 0; step < 600; step++) {
      seasonal.learn(1000 + (step % 20 < 4 ? 5000 : 0) + random.normal(0, 30));
    }
    expect(seasonal.serving).not.toBe('persistence');
    expect(seasonal.scores().map(({ name }) => name)).toEqual([
      'persistence',
      'seasonal-naive',
      'holt-winters',
      'linear',
    ]);
  });
});
