import { describe, expect, it } from 'vitest';
import { HeldPeak } from './held-peak.ts';

/** Steps of 100 ms, each applied at once. */
function run(law: HeldPeak, { needs, start }: { needs: readonly number[]; start: number }) {
  let size = start;
  return needs.map((need, tick) => {
    size = law.step({ nowMs: tick * 100, intervalMs: 100, size, need }).wish;
    return size;
  });
}

describe('HeldPeak', () => {
  it('goes to the peak over its setpoint in one move, up and down', () => {
    const law = new HeldPeak({ setpoint: 0.8, holdMs: 1_000 });
    const sizes = run(law, { needs: [80, 400, ...Array(25).fill(40)], start: 100 });
    expect(sizes.slice(0, 3)).toEqual([100, 500, 500]);
    // The peak belongs to a second, and that is held for another; then less will do.
    expect(sizes[18]).toBe(500);
    expect(sizes[22]).toBe(50);
    expect(new Set(sizes).size).toBe(3);
  });

  it('leaves what is within a tenth alone', () => {
    const law = new HeldPeak({ setpoint: 1 });
    expect(run(law, { needs: [95, 105, 109, 112], start: 100 })).toEqual([100, 100, 100, 112]);
  });

  it('holds what was asked for where nothing, or nothing possible, was measured', () => {
    const law = new HeldPeak();
    const input = { nowMs: 0, intervalMs: 100, size: 100, requested: 120 };
    expect(law.step({ ...input, need: undefined }).wish).toBe(120);
    expect(law.step({ ...input, need: Number.NaN }).reasons).toEqual(['no-sample']);
    expect(law.step({ ...input, need: 0 }).wish).toBe(120);
  });

  it('forgets what was announced', () => {
    const law = new HeldPeak({ setpoint: 1, holdMs: 60_000 });
    expect(run(law, { needs: [100, 500], start: 100 })).toEqual([100, 500]);
    law.forget({ fromMs: 100, toMs: 100 });
    expect(law.step({ nowMs: 200, intervalMs: 100, size: 500, need: 90 }).wish).toBe(100);
  });
});
