import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constant, type LawScenario, runLaw } from '../testdata/run-law.ts';
import { Optomechanical, type OptomechanicalOptions } from './optomechanical.ts';

const run = ({ options, ...scenario }: LawScenario & { options?: OptomechanicalOptions }) => {
  const { delayTicks = 0 } = scenario;
  return runLaw(new Optomechanical({ actuationDelayMs: delayTicks * 100, ...options }), scenario);
};

describe('Optomechanical', () => {
  it('computes F = sign(v) v^2 max(0, 1 + a) out of the noise and 0 within it (SPEC 4.2)', () => {
    const law = new Optomechanical();
    const at = (velocity: number, acceleration: number, noiseFloor = 0.1) =>
      law.calculateForce({ utilisation: 0.5, velocity, acceleration, noiseFloor });
    expect(at(2, 1)).toBe(8);
    expect(at(-2, 1)).toBe(-8);
    expect(at(2, -3)).toBe(0);
    expect(at(0.1, 5)).toBe(0);
    expect(at(0, 0, 0)).toBe(0);
  });

  it('makes velocity and acceleration dimensionless by its time constant', () => {
    const law = new Optomechanical({ timeConstantS: 0.5 });
    const state = { utilisation: 0, velocity: 4, acceleration: 4, noiseFloor: 0 };
    expect(law.calculateForce(state)).toBe(2 ** 2 * (1 + 1));
  });

  it('predicts the next state by constant acceleration', () => {
    const law = new Optomechanical();
    const next = law.predictNextState({
      utilisation: 0.5,
      velocity: 1,
      acceleration: 2,
      noiseFloor: 0.1,
    });
    expect(next.utilisation).toBeCloseTo(0.61, 12);
    expect(next.velocity).toBeCloseTo(1.2, 12);
    const falling = { utilisation: 0.1, velocity: -9, acceleration: 0, noiseFloor: 0 };
    expect(law.predictNextState(falling).utilisation).toBe(0);
  });

  it('leaves a utilisation within the dead band alone', () => {
    for (const utilisation of [0.651, 0.7, 0.749]) {
      const { sizes } = run({ needs: constant(utilisation * 100, 50), size: 100 });
      expect(new Set(sizes)).toEqual(new Set([100]));
    }
  });

  it('says whether the need rises or falls fast', () => {
    const law = new Optomechanical({ holdMs: 0 });
    const slope = Array.from({ length: 30 }, (_, tick) => 140 - 4 * tick);
    const needs = [...constant(70, 30), ...constant(140, 30), ...slope];
    const first = needs.map((need, tick) => {
      const { reasons } = law.step({ nowMs: tick * 100, intervalMs: 100, size: 100, need });
      return reasons[0];
    });
    expect(first[30]).toBe('onset-force');
    expect(first.slice(60)).toContain('release-force');
    expect(first.slice(60)).not.toContain('onset-force');
  });

  it('takes the whole step of 0.25 at an onset', () => {
    const { sizes } = run({ needs: [70, 70, 140], size: 100 });
    expect(sizes).toEqual([100, 100, 125]);
  });

  it('holds instead of growing at an onset in a queue with room to spare', () => {
    const { sizes } = run({ needs: [10, 30], size: 100, options: { setpoint: 0.7 } });
    expect(sizes[1]).toBe(sizes[0]);
  });

  it('does not answer its own resize with a force', () => {
    const law = new Optomechanical();
    law.step({ nowMs: 0, intervalMs: 100, size: 100, need: 70 });
    law.step({ nowMs: 100, intervalMs: 100, size: 50, need: 70 });
    expect(law.state.velocity).toBe(0);
  });

  it('cools any step up to fivefold within 1 s where actuation is immediate', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.01, max: 5, noNaN: true }), (ratio) => {
        const needs = [...constant(70, 20), ...constant(70 * ratio, 20)];
        const { utilisations } = run({ needs, size: 100 });
        expect(utilisations[30]).toBeLessThanOrEqual(0.7501);
      }),
    );
  });

  it('cools within 1 s + 3 delays and overshoots by less than 15 % at 1 to 50 ticks', () => {
    const step = fc.record({
      ratio: fc.double({ min: 1.05, max: 5, noNaN: true }),
      delayTicks: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(step, ({ ratio, delayTicks }) => {
        const ticks = 20 + 10 * (delayTicks + 3);
        const needs = [...constant(70, 20), ...constant(70 * ratio, ticks)];
        const { sizes, utilisations } = run({ needs, size: 100, delayTicks });
        expect(Math.max(...sizes)).toBeLessThanOrEqual(100 * ratio * 1.15);
        const cooledBy = 20 + 10 + 3 * delayTicks + 1;
        for (const utilisation of utilisations.slice(cooledBy)) {
          expect(utilisation).toBeLessThanOrEqual(0.7501);
        }
      }),
    );
  });

  it('undershoots a fall by less than 15 % at any delay', () => {
    const step = fc.record({
      ratio: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
      delayTicks: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(step, ({ ratio, delayTicks }) => {
        const needs = [...constant(70, 20), ...constant(70 * ratio, 600)];
        const { sizes } = run({ needs, size: 100, delayTicks, options: { holdMs: 0 } });
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(100 * ratio * 0.85);
      }),
    );
  });

  it('has no limit cycle on constant input, whatever delay and size it starts from', () => {
    const scenario = fc.record({
      need: fc.double({ min: 1, max: 1_000, noNaN: true }),
      size: fc.double({ min: 1, max: 1_000, noNaN: true }),
      delayTicks: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(scenario, ({ need, size, delayTicks }) => {
        const ticks = 3_000;
        const { sizes } = run({ needs: constant(need, ticks), size, delayTicks });
        expect(new Set(sizes.slice(-500)).size).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  it('has no limit cycle where the resource comes in whole units', () => {
    const scenario = fc.record({
      need: fc.double({ min: 0.1, max: 60, noNaN: true }),
      size: fc.integer({ min: 1, max: 60 }),
      delayTicks: fc.integer({ min: 0, max: 10 }),
    });
    fc.assert(
      fc.property(scenario, ({ need, size, delayTicks }) => {
        const { sizes } = run({ needs: constant(need, 2_000), size, delayTicks, quantum: 1 });
        expect(new Set(sizes.slice(-300)).size).toBe(1);
      }),
    );
  });

  it('asks for finite positive sizes whatever it is fed', () => {
    const input = fc.record({
      gapMs: fc.oneof(fc.integer({ min: -500, max: 5_000 }), fc.constant(Number.NaN)),
      intervalMs: fc.constantFrom(100, 0, -1, Number.NaN, 1e-9),
      size: fc.oneof(fc.double({ min: 1, max: 1e9 }), fc.constantFrom(0, -1, Number.NaN)),
      need: fc.option(fc.double(), { nil: undefined }),
      dropped: fc.option(fc.double(), { nil: undefined }),
      announced: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(input, { maxLength: 100 }), (inputs) => {
        const law = new Optomechanical();
        let nowMs = 0;
        for (const { gapMs, ...rest } of inputs) {
          nowMs += Number.isNaN(gapMs) ? 0 : gapMs;
          const out = law.step({ nowMs: Number.isNaN(gapMs) ? Number.NaN : nowMs, ...rest });
          expect(Number.isFinite(out.wish)).toBe(true);
          expect(out.wish).toBeGreaterThan(0);
          expect(out.utilisation ?? 0).not.toBeNaN();
        }
      }),
    );
  });

  it('changes by no more than a step from what was applied, wind-up included', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true })), (needs) => {
        const law = new Optomechanical();
        needs.forEach((need, tick) => {
          // The envelope applies nothing: the size stays.
          const out = law.step({ nowMs: tick * 100, intervalMs: 100, size: 1_000, need });
          expect(out.wish).toBeLessThanOrEqual(1_000 * 1.055 * 1.25 * 1.000001);
          expect(out.wish).toBeGreaterThanOrEqual(1_000 * 0.945 * 0.75 * 0.999999);
        });
      }),
    );
  });

  it('takes the whole step at an onset after it was held at the minimum', () => {
    const law = new Optomechanical();
    for (let tick = 0; tick < 20; tick += 1) {
      law.step({ nowMs: tick * 100, intervalMs: 100, size: 100, need: 1 });
    }
    const out = law.step({ nowMs: 2_000, intervalMs: 100, size: 100, need: 150 });
    expect(out.wish).toBeCloseTo(125, 9);
  });

  it('holds without a sample and goes on after the gap', () => {
    const { sizes } = run({ needs: [140, undefined, undefined, 140], size: 100 });
    expect(sizes[2]).toBe(sizes[0]);
    expect(sizes[3]).toBeGreaterThan(sizes[2] ?? 0);
  });

  it('keeps the size its bursts need between bursts and returns after the hold', () => {
    const burst = [700, 700, ...constant(7, 150)];
    const { sizes } = run({ needs: [...constant(7, 10), ...burst], size: 10 });
    expect(sizes[50]).toBeGreaterThan(900);
    expect(sizes[120]).toBeGreaterThan(900);
    expect(sizes.at(-1)).toBeLessThan(12);
  });

  it('settles at the need over the setpoint, announced bursts left out', () => {
    const law = new Optomechanical();
    law.step({ nowMs: 0, intervalMs: 100, size: 100, need: 7 });
    law.step({ nowMs: 100, intervalMs: 100, size: 100, need: 95, announced: true });
    law.step({ nowMs: 200, intervalMs: 100, size: 100, need: 90 });
    expect(law.restingSize(200)).toBeCloseTo(90 / 0.7, 9);
    law.forget({ fromMs: 150, toMs: 250 });
    expect(law.restingSize(200)).toBeCloseTo(10, 9);
  });

  it('goes on at rest from a size somebody else has set', () => {
    const law = new Optomechanical();
    law.step({ nowMs: 0, intervalMs: 100, size: 100, need: 70 });
    law.resume(200);
    const out = law.step({ nowMs: 100, intervalMs: 100, size: 200, need: 140 });
    expect(out).toMatchObject({ wish: 200, reasons: ['within-dead-band'] });
    expect(law.state.velocity).toBe(0);
  });
});
