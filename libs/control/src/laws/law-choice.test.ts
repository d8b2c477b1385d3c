import { SeededRandom } from '@levitate/clock';
import { describe, expect, it, vi } from 'vitest';
import { constant, runLaw } from '../testdata/run-law.ts';
import { Coherent } from './coherent.ts';
import { LawChoice, type LawChoiceOptions } from './law-choice.ts';
import { Optomechanical } from './optomechanical.ts';
import { Parametric } from './parametric.ts';

const settings = { setpoint: 0.7, holdMs: 10_000, periodMs: 100, actuationDelayMs: 100 };

function ruled(needs: readonly number[], options: Partial<LawChoiceOptions> = {}): LawChoice {
  const choice = new LawChoice({ ...settings, ...options });
  runLaw(choice, { needs, size: 100, delayTicks: 1 });
  return choice;
}

/** Bursts of a second to 400 every 20 s over a base of 50. */
function train(seconds: number): number[] {
  return Array.from({ length: seconds * 10 }, (_, tick) => {
    const phase = (tick / 10) % 20;
    return phase >= 5 && phase < 6 ? 400 : 50;
  });
}

describe('LawChoice', () => {
  it('takes the parametric model for a train of bursts', () => {
    expect(ruled(train(600)).serving.model).toBe('parametric');
  });

  it('takes the coherent model where ramps outrun a slow resource', () => {
    const random = new SeededRandom('ramps');
    const needs: number[] = [];
    while (needs.length < 6_000) {
      const rest = constant(70, 150 + random.integer(200));
      needs.push(...rest, ...Array.from({ length: 100 }, (_, k) => 70 + 3 * k));
    }
    const choice = new LawChoice({ ...settings, actuationDelayMs: 1_000, holdMs: 2_000 });
    runLaw(choice, { needs, size: 100, delayTicks: 10 });
    expect(choice.serving.model).toBe('coherent');
  });

  it('stays with the reactive law where nothing is cheaper', () => {
    expect(ruled(constant(70, 6_000)).serving.model).toBe('optomechanical');
  });

  it('tunes the hold of a law whose bursts come back after it has let go', () => {
    const random = new SeededRandom('gaps');
    const needs: number[] = [];
    while (needs.length < 12_000) {
      needs.push(...constant(50, 110 + random.integer(60)), ...constant(95, 5));
    }
    const { model, holdMs } = ruled(needs, { isAuto: false, isTuned: true }).serving;
    expect(model).toBe('optomechanical');
    expect(holdMs).toBeGreaterThan(10_000);
  });

  it('is the law it begins with until it has seen four minutes', () => {
    const needs = train(240).slice(0, 2_399);
    const law = new LawChoice({ ...settings, model: 'coherent' });
    runLaw(law, { needs, size: 100, delayTicks: 1 });
    expect(law.serving.model).toBe('coherent');
  });

  it('hands over without a jump: the successor has learned the present', () => {
    const needs = [...train(600)];
    const { sizes } = runLaw(new LawChoice(settings), { needs, size: 100, delayTicks: 1 });
    for (let tick = 1; tick < sizes.length; tick++) {
      const ratio = (sizes[tick] ?? 0) / (sizes[tick - 1] ?? 1);
      expect(ratio).toBeGreaterThan(0.7);
      expect(ratio).toBeLessThan(1.35);
    }
  });

  it('costs a bounded number of steps of a law in each tick', () => {
    const laws = [Optomechanical.prototype, Parametric.prototype, Coherent.prototype];
    const spies = laws.map((law) => vi.spyOn(law, 'step'));
    const steps = () => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    const choice = new LawChoice({ ...settings, isTuned: true });
    const needs = train(600);
    let before = 0;
    let most = 0;
    needs.forEach((need, tick) => {
      choice.step({ nowMs: tick * 100, intervalMs: 100, size: 100, need });
      most = Math.max(most, steps() - before);
      before = steps();
    });
    // A parametric step is one of its base too: two for each law.
    expect(most).toBeLessThanOrEqual(2 * (1 + 20));
    expect(before / needs.length).toBeLessThan(2 * (1 + 10));
    for (const spy of spies) spy.mockRestore();
  });
});
