import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalGains, preExpansionGains } from './law.ts';
import { Pid, type PidOptions } from './pid.ts';

function run(needs: readonly number[], options: PidOptions = {}, sizeMax = 1e12): number[] {
  const law = new Pid(options);
  let size = 100;
  return needs.map((need, tick) => {
    const { wish } = law.step({ nowMs: tick * 100, intervalMs: 100, size, need });
    size = Math.min(sizeMax, wish);
    return size;
  });
}

const constant = (need: number, ticks: number) => Array<number>(ticks).fill(need);

describe('Pid', () => {
  it.each([
    ['normal', normalGains],
    ['pre-expansion', preExpansionGains],
  ])('brings utilisation to the setpoint with %s gains', (_, gains) => {
    const sizes = run(constant(140, 5_000), { gains });
    expect(140 / (sizes.at(-1) ?? 1)).toBeCloseTo(0.7, 2);
  });

  it('takes the derivative on the measurement, so that the first sample causes no kick', () => {
    const withD = run([140], { gains: { kp: 0.4, ki: 0, kd: 100 } });
    const withoutD = run([140], { gains: { kp: 0.4, ki: 0, kd: 0 } });
    expect(withD).toEqual(withoutD);
  });

  it('does not wind up while the size is held', () => {
    const needs = [...constant(500, 600), ...constant(60, 300)];
    const sizes = run(needs, { holdMs: 0 }, 120);
    const free = sizes.slice(600).findIndex((size) => size < 120);
    // The last second's peak is still high for 1 s after the fall.
    expect(free).toBeGreaterThanOrEqual(0);
    expect(free).toBeLessThan(25);
  });

  it('changes gains without a jump', () => {
    const law = new Pid();
    let size = 100;
    let nowMs = 0;
    const step = () => {
      nowMs += 100;
      const out = law.step({ nowMs, intervalMs: 100, size, need: 90 });
      size = out.wish;
      return out;
    };
    for (let tick = 0; tick < 20; tick += 1) step();
    const before = size;
    law.setGains(preExpansionGains);
    expect(step().gains).toBe(preExpansionGains);
    expect(Math.abs(size / before - 1)).toBeLessThan(0.02);
  });

  it('asks for finite positive sizes whatever it is fed', () => {
    const need = fc.option(fc.double(), { nil: undefined });
    fc.assert(
      fc.property(fc.array(need), (needs) => {
        const law = new Pid({ holdMs: 0 });
        let size = 100;
        needs.forEach((one, tick) => {
          const out = law.step({ nowMs: tick * 100, intervalMs: 100, size, need: one });
          expect(Number.isFinite(out.wish)).toBe(true);
          expect(out.wish).toBeGreaterThan(0);
          size = Math.max(1, Math.min(1e9, out.wish));
        });
      }),
    );
  });
});
