import { describe, expect, it } from 'vitest';
import { constant, runLaw } from '../testdata/run-law.ts';
import { Optomechanical } from './optomechanical.ts';
import { Parametric } from './parametric.ts';

/** Bursts of a second to 400, every `periodS` seconds, over a base of 50. */
function pulses(periodS: number, seconds: number): number[] {
  return Array.from({ length: seconds * 10 }, (_, tick) => {
    const phase = (tick / 10) % periodS;
    return phase >= 5 && phase < 6 ? 400 : 50;
  });
}

describe('Parametric', () => {
  it('makes room before each burst of a train it has seen often enough, and gives it back', () => {
    const needs = pulses(20, 240);
    const law = new Parametric();
    const { sizes } = runLaw(law, { needs, size: 100 });
    expect(law.periodS).toBe(20);
    // From the 8th burst on: room at its first tick.
    for (let burst = 8; burst < 12; burst++) {
      expect(sizes[(burst * 20 + 5) * 10 - 1]).toBeGreaterThan(400);
      // Ten seconds later a law that holds its peaks would still hold this one.
      expect(sizes[(burst * 20 + 13) * 10]).toBeLessThan(100);
    }
  });

  it('has less in reserve than the reactive law, and loses less', () => {
    const needs = pulses(15, 300);
    const cost = (sizes: readonly number[]) => {
      const late = sizes.slice(1_500);
      const lost = late.reduce((sum, _, k) => {
        const before = sizes[1_500 + k - 1] ?? 0;
        return sum + Math.max(0, (needs[1_500 + k] ?? 0) - before);
      }, 0);
      return { lost, held: late.reduce((sum, size) => sum + size, 0) };
    };
    const ours = cost(runLaw(new Parametric(), { needs, size: 100 }).sizes);
    const reactive = cost(runLaw(new Optomechanical(), { needs, size: 100 }).sizes);
    expect(ours.lost).toBe(0);
    expect(reactive.lost).toBeGreaterThan(0);
    expect(ours.held).toBeLessThan(reactive.held);
  });

  it('is the reactive law to the byte where there is no period', () => {
    const needs = [...constant(50, 300), ...constant(220, 40), ...constant(50, 900)];
    const ours = runLaw(new Parametric(), { needs, size: 100 });
    const reactive = runLaw(new Optomechanical(), { needs, size: 100 });
    expect(ours.sizes).toEqual(reactive.sizes);
  });

  it('reacts again when the train ends, and when bursts come that no phase had', () => {
    const needs = [...pulses(20, 240), ...constant(50, 2_400)];
    const law = new Parametric();
    const { sizes } = runLaw(law, { needs, size: 100 });
    expect(law.periodS).toBeUndefined();
    expect(sizes.at(-1)).toBeLessThan(100);
    const strange = [...pulses(20, 240), ...constant(50, 10), ...constant(900, 50)];
    const after = runLaw(new Parametric(), { needs: strange, size: 100 });
    expect(after.sizes.at(-1)).toBeGreaterThan(900);
  });
});
