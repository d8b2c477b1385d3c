import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivals } from './arrivals.ts';
import { planTraffic } from './plan-traffic.ts';
import { RateCurve } from './rate-curve.ts';
import { seedPattern } from './traffic-options.ts';
import type { PlannedBurst, TrafficKind, TrafficPlan } from './traffic-plan.ts';

const kinds: TrafficKind[] = [
  'periodic',
  'precursor',
  'random',
  'self-similar',
  'flat',
  'sawtooth',
  'capacity-collapse',
];
const bursty = ['periodic', 'precursor'] as const;
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

function rateOutsideBursts(plan: TrafficPlan, timeMs: number): number | undefined {
  const inside = (b: PlannedBurst) =>
    timeMs >= b.timeMs - 5000 && timeMs <= b.timeMs + b.durationMs;
  return plan.bursts.some(inside) ? undefined : new RateCurve(plan.rate).at(timeMs);
}

describe('planTraffic', () => {
  it('gives the same plan for the same options and another for another seed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), seeds, (kind, seed) => {
        const options = { kind, seed, durationMs: 60_000 };
        expect(planTraffic(options)).toEqual(planTraffic(options));
        expect(planTraffic({ ...options, seed: seed + 1 })).not.toEqual(planTraffic(options));
      }),
      { numRuns: 40 },
    );
  });

  it('plans the seed document’s pattern: 10,000 packets/s for 2 s every 10 s over 1,000', () => {
    const plan = planTraffic({ ...seedPattern, seed: 1, durationMs: 100_000 });
    const curve = new RateCurve(plan.rate);
    const [first, second] = plan.bursts as [PlannedBurst, PlannedBurst];
    expect(second.timeMs - first.timeMs).toBeCloseTo(10_000, 6);
    expect(first).toMatchObject({ durationMs: 2000, peakPps: 10_000 });
    expect(curve.at(first.timeMs - 1)).toBeCloseTo(1000, 6);
    expect(curve.at(first.timeMs + 1)).toBeCloseTo(10_000, 6);
    expect(curve.packets({ fromMs: first.timeMs - 1000, toMs: second.timeMs - 1000 })).toBeCloseTo(
      2 * 10_000 + 8 * 1000,
      6,
    );
  });

  it('keeps intervals of 12-30 s with a jitter of 0.2 s on periodic traffic', () => {
    const deviations: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const { bursts } = planTraffic({ kind: 'periodic', seed, durationMs: 400_000 });
      const intervals = bursts
        .slice(1)
        .map((burst, i) => burst.timeMs - (bursts[i] as PlannedBurst).timeMs);
      const mean = intervals.reduce((a, b) => a + b, 0) / intervals.length;
      expect(mean).toBeGreaterThan(11_700);
      expect(mean).toBeLessThan(30_300);
      deviations.push(...intervals.map((interval) => interval - mean));
    }
    const variance = deviations.reduce((a, b) => a + b * b, 0) / deviations.length;
    expect(Math.sqrt(variance)).toBeGreaterThan(170);
    expect(Math.sqrt(variance)).toBeLessThan(220);
  });

  it('ramps to twice the level over the 5 s before a precursor’s onset', () => {
    const plan = planTraffic({ kind: 'precursor', seed: 5, durationMs: 200_000, decoys: false });
    const curve = new RateCurve(plan.rate);
    for (const burst of plan.bursts) {
      expect(curve.at(burst.timeMs - 5001)).toBeCloseTo(plan.basePps, 6);
      expect(curve.at(burst.timeMs - 2500)).toBeCloseTo(1.5 * plan.basePps, 3);
      expect(curve.at(burst.timeMs - 0.001)).toBeCloseTo(2 * plan.basePps, 1);
      expect(curve.at(burst.timeMs)).toBeCloseTo(burst.peakPps, 6);
      expect(curve.at(burst.timeMs + burst.durationMs)).toBeCloseTo(plan.basePps, 6);
    }
    const intervals = plan.bursts.slice(1).map((b, i) => b.timeMs - (plan.bursts[i]?.timeMs ?? 0));
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(12_000);
  });

  it('meets the excess asked for, spread over 20-80 ms, background and decoys counted in', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(...bursty), (seed, kind) => {
        const plan = planTraffic({
          kind,
          seed,
          durationMs: 300_000,
          backgroundBytesPerSecond: 1.25e6,
          burst: { by: 'excess', shareOfBudget: [0.3, 0.9] },
        });
        const curve = new RateCurve(plan.rate);
        for (const burst of plan.bursts.filter((b) => b.timeMs + 100 < plan.durationMs)) {
          const toMs = burst.timeMs + burst.durationMs;
          const bytes = curve.packets({ fromMs: burst.timeMs, toMs }) * 1500;
          const drained = ((12.5e6 - 1.25e6) * burst.durationMs) / 1000;
          expect(bytes - drained).toBeCloseTo(burst.excessBytes, -4);
          expect(burst.excessBytes).toBeGreaterThan(0.3 * 0.75 * 1.875e6);
          expect(burst.excessBytes).toBeLessThan(0.9 * 1.25 * 1.875e6);
          expect(burst.durationMs).toBeGreaterThan(15);
          expect(burst.durationMs).toBeLessThan(100);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keeps base, decoys and background within 0.8 of the drain outside bursts and ramps', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(...bursty, 'random' as const), (seed, kind) => {
        const background = 1.25e6;
        const options = { kind, seed, durationMs: 300_000, backgroundBytesPerSecond: background };
        const plan = planTraffic(options);
        expect(plan.basePps * 1500).toBeLessThanOrEqual(0.25 * 12.5e6);
        for (let timeMs = 0; timeMs < plan.durationMs; timeMs += 730) {
          const rate = rateOutsideBursts(plan, timeMs);
          if (rate === undefined) continue;
          expect(rate * 1500 + background).toBeLessThanOrEqual(0.8 * 12.5e6);
          expect(rate / plan.basePps).toBeLessThan(1.6001);
          expect(rate / plan.basePps).toBeGreaterThan(1 / 1.6001 / 1.6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('puts 0.2 (+-0.05) upward edges per onset, none from 7 s before to 1 s after one', () => {
    for (const kind of bursty) {
      let edges = 0;
      let onsets = 0;
      for (let seed = 0; seed < 60; seed++) {
        const plan = planTraffic({ kind, seed, durationMs: 400_000 });
        edges += plan.upwardEdgesMs.length;
        onsets += plan.bursts.length;
        for (const edge of plan.upwardEdgesMs) {
          for (const { timeMs } of plan.bursts) {
            expect(edge < timeMs - 7000 || edge > timeMs + 1000).toBe(true);
          }
        }
      }
      expect(edges / onsets).toBeGreaterThan(0.15);
      expect(edges / onsets).toBeLessThan(0.25);
    }
  });

  it('changes the level at upward edges and only slowly elsewhere', () => {
    const plan = planTraffic({ kind: 'periodic', seed: 9, durationMs: 600_000 });
    const curve = new RateCurve(plan.rate);
    for (const edge of plan.upwardEdgesMs) {
      const ratio = curve.at(edge + 1) / curve.at(edge - 1);
      expect(ratio).toBeGreaterThan(1.29);
      expect(ratio).toBeLessThan(1.61);
    }
    expect(plan.upwardEdgesMs.length).toBeGreaterThan(2);
  });

  it('leaves random onsets memoryless outside bursts', () => {
    const gaps: number[] = [];
    for (let seed = 0; seed < 50; seed++) {
      const { bursts } = planTraffic({
        kind: 'random',
        seed,
        durationMs: 600_000,
        intervalS: [20, 20],
      });
      bursts.slice(1).forEach((burst, index) => {
        const previous = bursts[index] as PlannedBurst;
        gaps.push(burst.timeMs - previous.timeMs - previous.durationMs);
      });
    }
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    const sd = Math.sqrt(gaps.reduce((a, b) => a + (b - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeGreaterThan(18_000);
    expect(mean).toBeLessThan(22_000);
    expect(sd / mean).toBeGreaterThan(0.9);
    expect(sd / mean).toBeLessThan(1.1);
  });

  it('varies self-similar traffic on long scales far more than Poisson would', () => {
    const plan = planTraffic({ kind: 'self-similar', seed: 4, durationMs: 600_000 });
    const counts = arrivals(plan, { fromMs: 0, stepMs: 100, count: 6000 });
    const dispersion = (scale: number) => {
      const sums: number[] = [];
      for (let i = 0; i + scale <= counts.length; i += scale) {
        sums.push(counts.subarray(i, i + scale).reduce((a, b) => a + b, 0));
      }
      const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
      return sums.reduce((a, b) => a + (b - mean) ** 2, 0) / sums.length / mean;
    };
    expect(dispersion(100)).toBeGreaterThan(2 * dispersion(10));
    expect(dispersion(10)).toBeGreaterThan(10);
  });

  it('collapses the drain, not the arrivals, in capacity-collapse', () => {
    const plan = planTraffic({ kind: 'capacity-collapse', seed: 3, durationMs: 300_000 });
    expect(plan.rate).toHaveLength(1);
    expect(plan.drainFactor.length).toBeGreaterThan(2);
    for (const { fromMs, toMs, factor } of plan.drainFactor) {
      expect(toMs).toBeGreaterThan(fromMs);
      expect(factor).toBeLessThanOrEqual(0.5);
    }
  });

  it('replays rows, each until the next', () => {
    const rows = [
      { timeMs: 0, pps: 10 },
      { timeMs: 1000, pps: 30 },
    ];
    const plan = planTraffic({ kind: 'replay', seed: 0, durationMs: 2000, rows });
    expect(new RateCurve(plan.rate).packets({ fromMs: 500, toMs: 2000 })).toBe(5 + 30);
  });

  it('refuses a base that leaves no room for decoys, with both figures', () => {
    const options = { kind: 'periodic', seed: 1, durationMs: 1000, basePps: [6000, 6000] } as const;
    expect(() => planTraffic(options)).toThrow(/14400000 bytes\/s, above 0.8 of the drain/);
  });
});

describe('arrivals', () => {
  it('gives the same counts for a part as for the whole', () => {
    const plan = planTraffic({ kind: 'periodic', seed: 2, durationMs: 20_000 });
    const whole = arrivals(plan, { fromMs: 0, stepMs: 1, count: 20_000 });
    const part = arrivals(plan, { fromMs: 7321, stepMs: 1, count: 4000 });
    expect(part).toEqual(whole.subarray(7321, 11_321));
  });

  it('draws as many packets as the rate says, at every step length', () => {
    const plan = planTraffic({ kind: 'precursor', seed: 6, durationMs: 60_000 });
    const expected = new RateCurve(plan.rate).packets({ fromMs: 0, toMs: 60_000 });
    for (const stepMs of [1, 10, 100]) {
      const counts = arrivals(plan, { fromMs: 0, stepMs, count: 60_000 / stepMs });
      const sum = counts.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('is silent beyond the end of the plan', () => {
    const plan = planTraffic({ kind: 'flat', seed: 6, durationMs: 1000 });
    expect(arrivals(plan, { fromMs: 1000, stepMs: 100, count: 5 })).toEqual(new Uint32Array(5));
  });
});
