import { describe, expect, it } from 'vitest';
import { constant, runLaw } from '../testdata/run-law.ts';
import { Aimd } from './aimd.ts';

describe('Aimd', () => {
  it('adds a tenth of the first size a second while more is needed', () => {
    const { sizes } = runLaw(new Aimd(), { needs: constant(200, 35), size: 100 });
    expect([sizes[0], sizes[10], sizes[20], sizes[30]]).toEqual([110, 120, 130, 140]);
    expect(new Set(sizes.slice(0, 10)).size).toBe(1);
  });

  it('takes a tenth off a second while less is needed, once the peak is no longer held', () => {
    const { sizes } = runLaw(new Aimd({ holdMs: 2_000 }), {
      needs: [...constant(70, 10), ...constant(10, 60)],
      size: 100,
    });
    expect(sizes[15]).toBe(100);
    expect(sizes.at(-1)).toBeCloseTo(100 * 0.9 ** 4, 0);
  });

  it('rests within the dead band', () => {
    const { sizes } = runLaw(new Aimd(), { needs: constant(72, 50), size: 100 });
    expect(new Set(sizes)).toEqual(new Set([100]));
  });

  it('holds while nothing is measured', () => {
    const law = new Aimd();
    expect(law.step({ nowMs: 0, intervalMs: 100, size: 80, need: undefined })).toMatchObject({
      wish: 80,
      utilisation: undefined,
      reasons: ['no-sample'],
    });
  });

  it('has a direction as its force', () => {
    const at = (utilisation: number) =>
      new Aimd().calculateForce({ utilisation, velocity: 0, acceleration: 0, noiseFloor: 0 });
    expect([at(0.9), at(0.7), at(0.2)]).toEqual([1, 0, -1]);
  });
});
