import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { constant, runLaw } from '../testdata/run-law.ts';
import { Coherent } from './coherent.ts';
import { Optomechanical } from './optomechanical.ts';

describe('Coherent', () => {
  it('moves less often than the reactive law on noisy traffic', () => {
    const random = new SeededRandom('coherent');
    const needs = Array.from({ length: 6_000 }, (_, tick) => {
      const drift = 70 + 10 * Math.sin(tick / 900);
      return Math.max(0, random.normal(drift, 3));
    });
    const moves = (sizes: readonly number[]) =>
      sizes.filter((size, tick) => tick > 0 && size !== sizes[tick - 1]).length;
    const ours = runLaw(new Coherent(), { needs, size: 100 }).sizes;
    const reactive = runLaw(new Optomechanical(), { needs, size: 100 }).sizes;
    expect(moves(ours)).toBeLessThan(moves(reactive));
  });

  it('has its force outside the dead band alone, and predicts by constant velocity', () => {
    const law = new Coherent();
    const at = (utilisation: number, velocity = 0) =>
      law.calculateForce({ utilisation, velocity, acceleration: 0, noiseFloor: 0.1 });
    expect(at(0.72)).toBe(0);
    expect(at(0.8)).toBeCloseTo(0.05, 12);
    expect(at(0.6)).toBeCloseTo(-0.05, 12);
    expect(at(0.72, 1)).toBeCloseTo(0.07, 12);
    expect(at(0.72, 0.05)).toBe(0);
  });

  it('asks for where a ramp will be once the size is usable', () => {
    const needs = [...constant(70, 50), ...Array.from({ length: 100 }, (_, k) => 70 + 2 * k)];
    const { sizes } = runLaw(new Coherent({ actuationDelayMs: 1_000 }), {
      needs,
      size: 100,
      delayTicks: 10,
    });
    const late = needs.filter((need, tick) => tick > 60 && need > (sizes[tick] ?? 0));
    expect(late).toEqual([]);
  });

  it('falls only when less was enough throughout the hold', () => {
    const needs = [
      ...constant(70, 20),
      ...constant(20, 60),
      ...constant(70, 10),
      ...constant(20, 70),
    ];
    const { sizes } = runLaw(new Coherent({ holdMs: 8_000 }), { needs, size: 100 });
    expect(new Set(sizes)).toEqual(new Set([100]));
  });
});
