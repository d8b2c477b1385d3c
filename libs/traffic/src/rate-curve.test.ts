import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeRate } from './compose-rate.ts';
import { RateCurve, type RateSegment } from './rate-curve.ts';

/** Segments with gaps between them, in order. */
const segments = fc
  .array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 500 }), fc.nat(9000), fc.nat(9000)), {
    maxLength: 12,
  })
  .map((parts) => {
    let timeMs = 0;
    return parts.map(([gap, length, fromPps, toPps]): RateSegment => {
      const fromMs = timeMs + gap;
      timeMs = fromMs + length;
      return { fromMs, toMs: timeMs, fromPps, toPps };
    });
  });
const times = fc.array(fc.double({ min: -100, max: 7000, noNaN: true }), { maxLength: 20 });

describe('RateCurve', () => {
  it('integrates a ramp exactly: 0 to 1,000 packets/s over 2 s is 1,000 packets', () => {
    const curve = new RateCurve([{ fromMs: 0, toMs: 2000, fromPps: 0, toPps: 1000 }]);
    expect(curve.packets({ fromMs: -500, toMs: 9000 })).toBe(1000);
    expect(curve.packets({ fromMs: 0, toMs: 1000 })).toBe(250);
    expect(curve.at(500)).toBe(250);
    expect(curve.at(2000)).toBe(0);
  });

  it('gives the same packets in one question as in many, asked in any order', () => {
    fc.assert(
      fc.property(segments, times, (parts, cuts) => {
        const curve = new RateCurve(parts);
        const whole = curve.packets({ fromMs: -100, toMs: 7000 });
        const edges = [-100, ...cuts.toSorted((a, b) => a - b), 7000];
        const pieces = edges.slice(1).map((toMs, index) => ({ fromMs: edges[index] ?? 0, toMs }));
        const forth = pieces.reduce((sum, piece) => sum + curve.packets(piece), 0);
        const back = pieces.reduceRight((sum, piece) => sum + curve.packets(piece), 0);
        expect(forth).toBeCloseTo(whole, 6);
        expect(back).toBeCloseTo(whole, 6);
      }),
    );
  });

  it('refuses segments that overlap or last no time', () => {
    const segment = { fromMs: 0, toMs: 10, fromPps: 1, toPps: 1 };
    expect(() => new RateCurve([segment, { ...segment, toMs: 20 }])).toThrow(/overlap/);
    expect(() => new RateCurve([{ ...segment, toMs: 0 }])).toThrow(/empty/);
  });
});

describe('composeRate', () => {
  it('multiplies what is in force and adds what comes on top, at every instant', () => {
    const stretch = fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 400 }), fc.nat(40));
    fc.assert(
      fc.property(fc.array(stretch), fc.array(stretch), (steps, bursts) => {
        const factors = steps.map(([fromMs, length, value]) => {
          const factor = 0.5 + value / 20;
          return { fromMs, toMs: fromMs + length, from: factor, to: factor };
        });
        const added = bursts.map(([fromMs, length, value]) => {
          return { fromMs, toMs: fromMs + length, pps: value * 100 };
        });
        const rate = composeRate({ durationMs: 1000, levelPps: 70, factors, added });
        const curve = new RateCurve(rate);
        const inForce = (at: number) => (part: { fromMs: number; toMs: number }) =>
          part.fromMs <= at && at < part.toMs;
        for (let at = 0.5; at < 1000; at += 37) {
          const level = factors.filter(inForce(at)).reduce((product, f) => product * f.from, 70);
          const sum = added.filter(inForce(at)).reduce((total, a) => total + a.pps, level);
          expect(curve.at(at)).toBeCloseTo(sum, 6);
        }
      }),
    );
  });
});
