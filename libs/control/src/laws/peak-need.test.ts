import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeakNeed } from './peak-need.ts';

function fill(peak: PeakNeed, needs: readonly number[], startMs = 0): number {
  needs.forEach((need, index) => {
    peak.observe({ nowMs: startMs + index * 100, need });
  });
  return startMs + (needs.length - 1) * 100;
}

describe('PeakNeed', () => {
  it('knows nothing before the first measurement', () => {
    const peak = new PeakNeed();
    expect(peak.value(0)).toBeUndefined();
    peak.observe({ nowMs: 0, need: undefined });
    peak.observe({ nowMs: 100, need: Number.NaN });
    peak.observe({ nowMs: 200, need: -1 });
    peak.observe({ nowMs: 300, need: Number.POSITIVE_INFINITY });
    expect(peak.value(300)).toBeUndefined();
  });

  it('holds the peak of the worst second for ten seconds after that second', () => {
    const peak = new PeakNeed();
    peak.observe({ nowMs: 0, need: 500 });
    for (let nowMs = 100; nowMs <= 12_000; nowMs += 100) {
      peak.observe({ nowMs, need: 10 });
      const isHeld = nowMs <= 900 + 10_000;
      expect(peak.value(nowMs)).toBe(isHeld ? 500 : 10);
    }
  });

  it('adds up what was dropped within one second, but not high-water marks', () => {
    const peak = new PeakNeed();
    peak.observe({ nowMs: 100, need: 300, dropped: 200 });
    peak.observe({ nowMs: 200, need: 400, dropped: 300 });
    peak.observe({ nowMs: 300, need: 100, dropped: 0 });
    expect(peak.value(300)).toBe(100 + 500);
  });

  it('leaves announced bursts out and keeps the others', () => {
    const peak = new PeakNeed();
    peak.observe({ nowMs: 0, need: 300 });
    peak.observe({ nowMs: 2_000, need: 900, announced: true });
    peak.observe({ nowMs: 4_000, need: 10 });
    expect(peak.value(4_000)).toBe(300);
  });

  it('forgets a burst afterwards as if it had been announced', () => {
    const peak = new PeakNeed();
    peak.observe({ nowMs: 0, need: 300 });
    peak.observe({ nowMs: 2_000, need: 900, dropped: 400 });
    peak.observe({ nowMs: 2_100, need: 700, dropped: 200 });
    peak.observe({ nowMs: 2_200, need: 20 });
    expect(peak.value(2_200)).toBe(1_100);
    peak.forget({ fromMs: 1_950, toMs: 2_150 });
    expect(peak.value(2_200)).toBe(300);
  });

  it('knows nothing again when all that was measured was announced', () => {
    const peak = new PeakNeed();
    peak.observe({ nowMs: 0, need: 300, announced: true });
    expect(peak.value(0)).toBeUndefined();
  });

  it('treats a step back in time as no time passed', () => {
    const peak = new PeakNeed();
    peak.observe({ nowMs: 10_000, need: 5 });
    peak.observe({ nowMs: 0, need: 7 });
    expect(peak.value(10_000)).toBe(7);
  });

  it('never keeps more intervals than its bound', () => {
    const peak = new PeakNeed({ samplesMax: 10, holdMs: 1e9 });
    fill(peak, [100, ...Array(40).fill(1)]);
    expect(peak.value(4_000)).toBe(1);
  });

  it('equals a plain scan of the definition whatever is observed and forgotten', () => {
    const interval = fc.record({
      gapMs: fc.integer({ min: 1, max: 900 }),
      need: fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: undefined }),
      dropped: fc.integer({ min: 0, max: 1_000 }),
      announced: fc.boolean(),
      forgetMs: fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 60 }), (intervals) => {
        const peak = new PeakNeed({ holdMs: 3_000 });
        const seen: { t: number; high: number; lost: number; out: boolean }[] = [];
        let nowMs = 0;
        for (const { gapMs, need, dropped, announced, forgetMs } of intervals) {
          nowMs += gapMs;
          peak.observe({ nowMs, need, dropped, announced });
          if (need !== undefined) {
            const lost = Math.min(need, dropped);
            seen.push({ t: nowMs, high: need - lost, lost, out: announced });
          }
          if (forgetMs !== undefined) {
            peak.forget({ fromMs: nowMs - forgetMs, toMs: nowMs });
            for (const one of seen) if (one.t >= nowMs - forgetMs) one.out = true;
          }
          const seconds = seen
            .filter((end) => end.t >= nowMs - 3_000)
            .map((end) => {
              const within = seen.filter((x) => x.t > end.t - 1_000 && x.t <= end.t && !x.out);
              if (within.length === 0) return undefined;
              const lost = within.reduce((sum, one) => sum + one.lost, 0);
              return Math.max(...within.map((one) => one.high)) + lost;
            })
            .filter((value) => value !== undefined);
          const expected = seconds.length === 0 ? undefined : Math.max(...seconds);
          expect(peak.value(nowMs)).toBe(expected);
        }
      }),
    );
  });
});
