import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constant, runLaw } from '../testdata/run-law.ts';
import { Coherent } from './coherent.ts';
import type { Law } from './law.ts';
import { Optomechanical } from './optomechanical.ts';
import { Parametric } from './parametric.ts';

type Maker = (options: { actuationDelayMs: number; holdMs?: number }) => Law;

/** The physics models of SPEC 4.2: what each of them owes, whatever it is made for. */
const models: [string, Maker][] = [
  ['optomechanical', (options) => new Optomechanical(options)],
  ['parametric', (options) => new Parametric(options)],
  ['coherent', (options) => new Coherent(options)],
];

const delays = fc.integer({ min: 0, max: 20 });

describe.each(models)('%s', (_, make) => {
  const run = (scenario: { needs: number[]; size: number; delayTicks?: number }, holdMs?: number) =>
    runLaw(
      make({
        actuationDelayMs: (scenario.delayTicks ?? 0) * 100,
        ...(holdMs !== undefined && { holdMs }),
      }),
      scenario,
    );

  it('rests on constant input, at its setpoint, from any size and with any delay', () => {
    const scenario = fc.record({
      need: fc.double({ min: 1, max: 1_000, noNaN: true }),
      size: fc.double({ min: 1, max: 1_000, noNaN: true }),
      delayTicks: delays,
    });
    fc.assert(
      fc.property(scenario, ({ need, size, delayTicks }) => {
        const { sizes } = run({ needs: constant(need, 3_000), size, delayTicks });
        const rest = sizes.slice(-1_000);
        expect(new Set(rest).size).toBe(1);
        const utilisation = need / (rest[0] ?? 1);
        expect(utilisation).toBeGreaterThan(0.6499);
        expect(utilisation).toBeLessThan(0.7501);
      }),
      { numRuns: 60 },
    );
  });

  it('cools a step within 1 s + 3 delays and overshoots by less than 15 %', () => {
    const step = fc.record({
      ratio: fc.double({ min: 1.05, max: 5, noNaN: true }),
      delayTicks: delays,
    });
    fc.assert(
      fc.property(step, ({ ratio, delayTicks }) => {
        const needs = [...constant(70, 20), ...constant(70 * ratio, 20 + 10 * (delayTicks + 3))];
        const { sizes } = run({ needs, size: 100, delayTicks });
        expect(Math.max(...sizes)).toBeLessThanOrEqual(100 * ratio * 1.15);
        for (const size of sizes.slice(20 + 10 + 3 * delayTicks + 1)) {
          expect((70 * ratio) / size).toBeLessThanOrEqual(0.7501);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('undershoots a fall by less than 15 %', () => {
    const fall = fc.record({
      ratio: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
      delayTicks: delays,
    });
    fc.assert(
      fc.property(fall, ({ ratio, delayTicks }) => {
        const needs = [...constant(70, 20), ...constant(70 * ratio, 600)];
        const { sizes } = run({ needs, size: 100, delayTicks }, 0);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(100 * ratio * 0.85);
      }),
      { numRuns: 60 },
    );
  });

  it('follows a ramp that doubles in 10 s and never runs out of room', () => {
    const needs = [...constant(70, 50), ...Array.from({ length: 100 }, (_, k) => 70 + 0.7 * k)];
    const { sizes } = run({ needs, size: 100, delayTicks: 2 });
    for (const [tick, size] of sizes.entries()) expect(needs[tick]).toBeLessThan(size);
    expect(sizes.at(-1)).toBeLessThanOrEqual((140 / 0.65) * 1.15);
  });

  it('holds a slow sine without running out of room, and settles into its rhythm', () => {
    const needs = Array.from(
      { length: 3_000 },
      (_, k) => 70 + 30 * Math.sin((k * 2 * Math.PI) / 200),
    );
    const { sizes } = run({ needs, size: 100, delayTicks: 1 });
    for (const [tick, size] of sizes.entries()) expect(needs[tick]).toBeLessThan(size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual((100 / 0.65) * 1.15);
  });

  it('does not chase noise: few changes, and room for all of it', () => {
    const random = new SeededRandom('noise');
    const needs = Array.from({ length: 3_000 }, () => Math.max(0, random.normal(70, 3)));
    const { sizes } = run({ needs, size: 112, delayTicks: 1 });
    const moves = sizes.filter((size, tick) => tick > 0 && size !== sizes[tick - 1]).length;
    expect(moves).toBeLessThan(60);
    for (const [tick, size] of sizes.entries()) expect(needs[tick]).toBeLessThan(size);
  });

  it('holds while nothing is measured, whatever the sample claims', () => {
    for (const need of [undefined, Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      const { sizes } = runLaw(make({ actuationDelayMs: 0 }), {
        needs: [70, 70, need, need],
        size: 100,
      });
      expect(sizes).toEqual([100, 100, 100, 100]);
    }
  });

  it('never wishes for anything but a positive finite size', () => {
    const need = fc.oneof(fc.double({ min: 0, max: 1e15, noNaN: true }), fc.constant(undefined));
    fc.assert(
      fc.property(fc.array(need, { minLength: 1, maxLength: 80 }), delays, (needs, delayTicks) => {
        const law = make({ actuationDelayMs: delayTicks * 100 });
        for (const size of runLaw(law, { needs, size: 100, delayTicks }).sizes) {
          expect(Number.isFinite(size) && size > 0).toBe(true);
        }
      }),
    );
  });
});
