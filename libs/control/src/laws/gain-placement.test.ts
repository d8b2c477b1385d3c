import { describe, expect, it } from 'vitest';
import { placeGains } from './gain-placement.ts';

/** Damping ratio of the slowest pole pair of y[k+1] = y[k] - loop y[k - delay], from its decay. */
function dampingRatio({ loop, delay }: { loop: number; delay: number }): number {
  const past = Array<number>(delay).fill(0).concat(1);
  const extremes: number[] = [];
  let before = 0;
  for (let tick = 0; tick < 400 * delay; tick += 1) {
    const now = past[delay] ?? 0;
    const next = now - loop * (past[0] ?? 0);
    if ((now - before) * (next - now) < 0) extremes.push(Math.abs(now));
    before = now;
    past.push(next);
    past.shift();
  }
  // Each half period multiplies an extreme by exp(-pi zeta / sqrt(1 - zeta^2)).
  const decrement = Math.log((extremes[1] ?? 1) / (extremes[2] ?? 1)) / Math.PI;
  return decrement / Math.sqrt(1 + decrement ** 2);
}

describe('placeGains', () => {
  it('gives one tick of delay H = 0.43 and D = 0 (SPEC 4.2)', () => {
    expect(placeGains(0)).toEqual({ h: 0.43, d: 0 });
    expect(placeGains(1)).toEqual({ h: 0.43, d: 0 });
  });

  it('gives a long delay tau of ticks T the gain H = 0.65 T / tau (SPEC 4.2)', () => {
    expect(placeGains(10).h).toBeCloseTo(0.065, 12);
    expect(placeGains(50).h).toBeCloseTo(0.013, 12);
  });

  it('places the poles of one tick of delay at a damping ratio of 0.8', () => {
    // z^2 - z + 0.7 H = 0: |z|^2 = 0.7 H, cos(angle) = 0.5 / |z|.
    const radius = Math.sqrt(0.7 * placeGains(1).h);
    const decay = -Math.log(radius);
    const angle = Math.acos(0.5 / radius);
    expect(decay / Math.hypot(decay, angle)).toBeCloseTo(0.8, 1);
  });

  it.each([10, 20, 50])('damps a delay of %i ticks with a ratio of 0.8', (delay) => {
    const ratio = dampingRatio({ loop: 0.7 * placeGains(delay).h, delay });
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(0.9);
  });
});
