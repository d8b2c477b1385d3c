import { describe, expect, it } from 'vitest';
import { DoubleDecay } from './double-decay.ts';
import { StaticLaw } from './static-law.ts';

const step = (nowMs: number, need: number | undefined, size = 100) => ({
  nowMs,
  intervalMs: 100,
  size,
  need,
});

describe('DoubleDecay', () => {
  it('doubles when full or dropping, at most once a second', () => {
    const law = new DoubleDecay();
    expect(law.step(step(0, 100)).wish).toBe(200);
    expect(law.step(step(500, 250, 200)).wish).toBe(200);
    expect(law.step({ ...step(1_000, 150, 200), dropped: 1 }).wish).toBe(400);
  });

  it('shrinks by a tenth after every ten quiet seconds', () => {
    const law = new DoubleDecay();
    const wishes = [0, 9_999, 10_000, 10_100, 20_000].map((nowMs) => law.step(step(nowMs, 5)).wish);
    expect(wishes).toEqual([100, 100, 90, 100, 90]);
  });

  it('holds without a sample', () => {
    expect(new DoubleDecay().step(step(0, undefined))).toMatchObject({
      wish: 100,
      utilisation: undefined,
      reasons: ['no-sample'],
    });
  });
});

describe('StaticLaw', () => {
  it('asks for its size whatever happens', () => {
    const law = new StaticLaw(512);
    expect([1, 1e9, undefined, Number.NaN].map((need) => law.step(step(0, need)).wish)).toEqual(
      Array(4).fill(512),
    );
  });
});
