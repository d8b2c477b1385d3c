import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Envelope, type EnvelopeRequest } from './envelope.ts';

const MB = 1_000_000;
const ask = (over: Partial<EnvelopeRequest>): EnvelopeRequest => ({
  nowMs: 0,
  current: MB,
  wish: MB,
  urgency: 'none',
  ...over,
});

describe('Envelope', () => {
  it('keeps a buffer between 512 KB and 16,384 KB', () => {
    const envelope = new Envelope({ latencyBudgetMs: 1e9 });
    expect(envelope.admit(ask({ wish: 1 }))).toEqual({ allowed: 524_288, reasons: ['minimum'] });
    expect(envelope.admit(ask({ wish: 1e12, urgency: 'full' }))).toEqual({
      allowed: 16_777_216,
      reasons: ['maximum'],
    });
  });

  it('keeps the limit 2 % under drain rate x budget', () => {
    const envelope = new Envelope();
    const verdict = envelope.admit(ask({ wish: 9e9, drainBytesPerSecond: 12.5 * MB }));
    expect(verdict.allowed).toBeCloseTo(1_837_500, 6);
    expect(verdict.reasons).toContain('latency-budget');
  });

  it('lets the latency budget win over the minimum', () => {
    const envelope = new Envelope();
    const verdict = envelope.admit(ask({ wish: 600_000, drainBytesPerSecond: MB }));
    expect(verdict.allowed).toBeCloseTo(147_000, 6);
  });

  it('brings a limit back under the budget when the drain collapses, tokens or not', () => {
    const envelope = new Envelope({ maxChangesPerMinute: 1 });
    envelope.admit(ask({ wish: 1.5 * MB, urgency: 'full', drainBytesPerSecond: 12.5 * MB }));
    const at = { current: 1.5 * MB, wish: 1.5 * MB, drainBytesPerSecond: 5 * MB };
    expect(envelope.admit(ask(at)).allowed).toBeCloseTo(735_000, 6);
  });

  it('remembers the drain rate while it is not measured and ignores nonsense', () => {
    const envelope = new Envelope();
    envelope.admit(ask({ drainBytesPerSecond: 12.5 * MB }));
    for (const drainBytesPerSecond of [undefined, 0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      envelope.admit(ask({ drainBytesPerSecond }));
      expect(envelope.ceiling).toBeCloseTo(1_837_500, 6);
    }
  });

  it('does not bind a capacity by a latency budget', () => {
    const envelope = new Envelope({ kind: 'capacity', latencyBudgetMs: 150 });
    const verdict = envelope.admit(ask({ wish: 4 * MB, drainBytesPerSecond: MB }));
    expect(verdict.allowed).toBe(4 * MB);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'holds on a wish of %d',
    (wish) => {
      const verdict = new Envelope().admit(ask({ wish, urgency: 'full' }));
      expect(verdict).toEqual({ allowed: MB, reasons: ['wish-not-finite'] });
    },
  );

  it('lets small moves wait until they add up', () => {
    const envelope = new Envelope();
    expect(envelope.admit(ask({ wish: 1.04 * MB })).reasons).toEqual(['small-move']);
    expect(envelope.admit(ask({ wish: 1.06 * MB })).allowed).toBe(1.06 * MB);
  });

  it('lets falls wait for a token and never a rise for a forecast or a full queue', () => {
    const envelope = new Envelope({ maxChangesPerMinute: 2 });
    for (const episode of [1, 2]) {
      envelope.admit(ask({ wish: 2 * MB, urgency: 'forecast', episode }));
    }
    const fall = ask({ current: 2 * MB, wish: MB });
    expect(envelope.admit(fall)).toEqual({ allowed: 2 * MB, reasons: ['change-rate'] });
    expect(envelope.admit({ ...fall, nowMs: 60_000 }).allowed).toBe(MB);
    const rise = ask({ nowMs: 60_001, wish: 2 * MB, urgency: 'full', episode: 3 });
    expect(envelope.admit(rise).allowed).toBe(2 * MB);
    const lent = envelope.admit({ ...rise, episode: 4, urgency: 'forecast' });
    expect(lent).toEqual({ allowed: 2 * MB, reasons: ['borrowed'] });
  });

  it('charges the consecutive rises of one episode once', () => {
    const envelope = new Envelope({ maxChangesPerMinute: 1 });
    const rise = (current: number, episode: number) =>
      envelope.admit(ask({ current, wish: 1.2 * current, urgency: 'forecast', episode }));
    expect(rise(MB, 7).reasons).toEqual([]);
    expect(rise(1.2 * MB, 7).reasons).toEqual(['same-episode']);
    expect(rise(1.44 * MB, 7).reasons).toEqual(['same-episode']);
    expect(rise(1.7 * MB, 8).reasons).toEqual(['borrowed']);
  });

  it('counts a reactive climb once, and a fall ends it', () => {
    const envelope = new Envelope({ maxChangesPerMinute: 3 });
    const climb = [1, 1.25, 1.5, 1.9].map((size, tick) =>
      envelope.admit(ask({ nowMs: tick * 100, current: size * MB, wish: 1.25 * size * MB })),
    );
    expect(climb.map(({ reasons }) => reasons)).toEqual([[], ...Array(3).fill(['same-episode'])]);
    envelope.admit(ask({ nowMs: 500, current: 2.3 * MB, wish: MB }));
    const again = envelope.admit(ask({ nowMs: 600, wish: 2 * MB }));
    expect(again).toEqual({ allowed: 2 * MB, reasons: [] });
    const third = envelope.admit(ask({ nowMs: 2_000, current: 2 * MB, wish: 3 * MB }));
    expect(third).toEqual({ allowed: 2 * MB, reasons: ['change-rate'] });
  });

  it('charges nothing for a preview', () => {
    const envelope = new Envelope({ maxChangesPerMinute: 1 });
    for (let look = 0; look < 5; look += 1) {
      expect(envelope.preview(ask({ wish: 2 * MB })).allowed).toBe(2 * MB);
    }
    expect(envelope.admit(ask({ wish: 2 * MB })).allowed).toBe(2 * MB);
  });

  it('never leaves its bounds and never makes more than N + N changes of a minute', () => {
    const request = fc.record({
      gapMs: fc.integer({ min: 0, max: 5_000 }),
      wish: fc.oneof(fc.double(), fc.double({ min: 0, max: 4e7, noNaN: true })),
      urgency: fc.constantFrom('none' as const, 'forecast' as const, 'full' as const),
      episode: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      drainBytesPerSecond: fc.option(fc.double({ min: 1, max: 1e9, noNaN: true }), {
        nil: undefined,
      }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.array(request), (perMinute, requests) => {
        const envelope = new Envelope({ maxChangesPerMinute: perMinute });
        const charged: number[] = [];
        let current = MB;
        let nowMs = 0;
        for (const { gapMs, ...rest } of requests) {
          nowMs += gapMs;
          const { allowed, reasons } = envelope.admit({ nowMs, current, ...rest });
          expect(Number.isFinite(allowed)).toBe(true);
          if (allowed !== current) {
            expect(allowed).toBeLessThanOrEqual(Math.min(envelope.max, envelope.ceiling));
            expect(allowed).toBeGreaterThanOrEqual(Math.min(envelope.min, envelope.ceiling));
            const isCharged = !reasons.includes('same-episode');
            if (isCharged) charged.push(nowMs);
            const minute = charged.filter((changedMs) => changedMs > nowMs - 60_000).length;
            expect(minute).toBeLessThanOrEqual(2 * perMinute);
            if (isCharged && minute > perMinute) expect(reasons).toContain('borrowed');
          }
          current = allowed;
        }
      }),
    );
  });

  it('bounds the rises that ride free on one episode by its own range', () => {
    const envelope = new Envelope();
    let current = envelope.min;
    let changes = 0;
    for (let tick = 0; tick < 1_000; tick += 1) {
      const wish = current * 1.05;
      const { allowed } = envelope.admit(
        ask({ nowMs: tick, current, wish, urgency: 'full', episode: 1 }),
      );
      if (allowed !== current) changes += 1;
      current = allowed;
    }
    expect(changes).toBeLessThanOrEqual(Math.log(envelope.max / envelope.min) / Math.log(1.05) + 1);
  });
});
