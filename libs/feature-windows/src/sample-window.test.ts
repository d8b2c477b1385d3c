import type { Sample } from '@levitate/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkSeries } from './link-series.ts';
import { pathSeries } from './path-series.ts';
import { SampleWindow, type WindowOutcome } from './sample-window.ts';
import type { WindowBounds } from './window-bounds.ts';

const start = 1_700_000_000_000;

function at(step: number, over: Partial<Sample> = {}): Sample {
  return {
    link: 'a',
    origin: 'push',
    timeUnixMs: start + step * 100,
    intervalMs: 100,
    sequence: step + 1,
    ...over,
  };
}

function unnumbered(step: number): Sample {
  return at(step, { sequence: undefined });
}

function linkWindow(bounds: WindowBounds = linkSeries.bounds): SampleWindow<Sample> {
  return new SampleWindow({ ...bounds, intervalMs: 100 });
}

function append(window: SampleWindow<Sample>, samples: Sample[], nowMs = 0): WindowOutcome[] {
  return samples.map((sample) => window.append(sample, nowMs));
}

function steps(window: SampleWindow<Sample>): number[] {
  return window.read().map(({ timeUnixMs }) => (timeUnixMs - start) / 100);
}

describe('a window of one link', () => {
  it('holds the newest samples within its span and its count, oldest first', () => {
    const window = linkWindow({ spanMs: 1000, samplesMax: 5 });
    append(window, [0, 1, 2, 3, 4, 5, 6].map(unnumbered));
    expect(steps(window)).toEqual([2, 3, 4, 5, 6]);
    append(window, [unnumbered(14)]);
    expect(steps(window)).toEqual([4, 5, 6, 14]);
  });

  it('puts a sample out of order to its place', () => {
    const window = linkWindow();
    expect(append(window, [at(0), at(2), at(1)])).toEqual(['accepted', 'accepted', 'accepted']);
    expect(steps(window)).toEqual([0, 1, 2]);
    expect(window.counters).toMatchObject({ samples: 3, outOfOrder: 1, gaps: 1 });
  });

  it('counts a second sample of one time as a duplicate and keeps the first', () => {
    const window = linkWindow();
    append(window, [at(0, { queueBytes: 1 }), at(1)]);
    expect(append(window, [at(0, { queueBytes: 2 }), at(1)])).toEqual(['duplicate', 'duplicate']);
    expect(window.read()[0]?.queueBytes).toBe(1);
    expect(window.counters).toMatchObject({ samples: 2, duplicate: 2 });
  });

  it('counts a sample older than its span as late', () => {
    const window = linkWindow({ spanMs: 1000, samplesMax: 100 });
    append(window, [at(20)]);
    expect(append(window, [at(9), at(10)])).toEqual(['late', 'accepted']);
    expect(window.counters).toMatchObject({ late: 1, samples: 2 });
  });

  it('counts a sample older than a full window as late', () => {
    const window = linkWindow({ spanMs: 60_000, samplesMax: 2 });
    append(window, [at(3), at(4)]);
    expect(append(window, [at(2)])).toEqual(['late']);
  });

  it('leaves a gap as a gap and counts it once', () => {
    const window = linkWindow();
    append(window, [at(0), at(1), at(5), at(6)]);
    expect(steps(window)).toEqual([0, 1, 5, 6]);
    expect(window.counters.gaps).toBe(1);
  });

  it('sees a gap without sequences by its time', () => {
    const window = linkWindow();
    append(window, [0, 1, 3].map(unnumbered));
    expect(window.counters.gaps).toBe(1);
  });

  it('does not take jitter of a numbered source for a gap', () => {
    const window = linkWindow();
    append(window, [at(0), at(2.7, { sequence: 2, intervalMs: 270 })]);
    expect(window.counters).toMatchObject({ gaps: 0, clockSteps: 0 });
  });

  it('goes on when its source starts again at sequence 1', () => {
    const window = linkWindow();
    const outcomes = append(window, [at(100), at(101), at(102, { sequence: 1 })]);
    expect(outcomes).toEqual(['accepted', 'accepted', 'accepted']);
    expect(window.counters.gaps).toBe(0);
  });
});

describe('a clock step', () => {
  it('back drops what now lies in the future and goes on at once', () => {
    const window = linkWindow();
    append(
      window,
      [0, 1, 2, 3, 4].map((step) => at(step)),
    );
    expect(append(window, [at(2.5, { sequence: 6 })])).toEqual(['accepted']);
    expect(steps(window)).toEqual([0, 1, 2, 2.5]);
    expect(window.counters).toMatchObject({ clockSteps: 1, late: 0, duplicate: 0 });
  });

  it('of an hour back costs a numbered source its window and nothing after', () => {
    const window = linkWindow();
    append(window, [at(0), at(1)]);
    const back = [0, 1, 2].map((step) => at(step - 36_000, { sequence: step + 3 }));
    expect(append(window, back)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(steps(window)).toEqual([-36_000, -35_999, -35_998]);
  });

  it('forward is told from a gap by the sequence', () => {
    const window = linkWindow();
    append(window, [at(0), at(1), at(50, { sequence: 3 })]);
    expect(window.counters).toMatchObject({ clockSteps: 1, gaps: 0 });
  });

  it('back without sequences blinds the window for a second and no longer', () => {
    const window = linkWindow();
    window.append(unnumbered(0), 0);
    const outcomes = Array.from({ length: 15 }, (_, index) =>
      window.append(unnumbered(index - 36_000), index * 110),
    );
    expect(outcomes.slice(0, 10).every((outcome) => outcome === 'late')).toBe(true);
    expect(outcomes.slice(10).every((outcome) => outcome === 'accepted')).toBe(true);
    expect(window.counters.clockSteps).toBe(1);
  });

  it('is not seen in a client that catches up on old samples in one batch', () => {
    const window = linkWindow();
    append(window, [unnumbered(0)], 0);
    const old = Array.from({ length: 500 }, (_, index) => unnumbered(index - 36_000));
    expect(new Set(append(window, old, 50))).toEqual(new Set(['late']));
    expect(steps(window)).toEqual([0]);
  });

  it('far ahead by one wild sample costs the window and no more', () => {
    const window = linkWindow();
    append(window, [at(0), at(1, { timeUnixMs: start + 1e12 }), at(2)]);
    expect(steps(window)).toEqual([2]);
  });
});

describe('a window of one path', () => {
  const second = (step: number, sequence?: number) =>
    at(0, { timeUnixMs: start + step * 1000, intervalMs: undefined, sequence });
  const window = () => new SampleWindow<Sample>({ ...pathSeries.bounds, intervalMs: 1000 });

  it('holds 300 s at 1 Hz, and the interval of a sample that says none is a second', () => {
    const path = window();
    for (let step = 0; step < 400; step += 1) path.append(second(step), step * 1000);
    expect(path.read()).toHaveLength(300);
    expect(path.read()[0]).toEqual(second(100));
    expect(path.counters).toMatchObject({ samples: 400, gaps: 0, clockSteps: 0 });
    path.append(second(402), 402_000);
    expect(path.counters.gaps).toBe(1);
  });

  it('a sender that is late by 0.9 s has no clock that steps, one of 3 s has', () => {
    const path = window();
    path.append(second(0, 1), 0);
    path.append(second(1.9, 2), 1900);
    expect(path.counters.clockSteps).toBe(0);
    path.append(second(6, 3), 3000);
    expect(path.counters).toMatchObject({ clockSteps: 1, gaps: 0 });
  });
});

describe('whatever is offered', () => {
  const offered = fc.array(
    fc.record({
      step: fc.integer({ min: -800, max: 800 }),
      sequence: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
      intervalMs: fc.option(fc.integer({ min: 1, max: 2000 }), { nil: undefined }),
    }),
    { maxLength: 200 },
  );
  const bounds = fc.record({
    spanMs: fc.integer({ min: 100, max: 60_000 }),
    samplesMax: fc.integer({ min: 1, max: 50 }),
  });

  it('the window stays ordered, without duplicates and within its bounds', () => {
    fc.assert(
      fc.property(bounds, offered, (limits, entries) => {
        const window = linkWindow(limits);
        entries.forEach(({ step, ...rest }, index) => {
          window.append(at(step, rest), index * 37);
          const times = window.read().map(({ timeUnixMs }) => timeUnixMs);
          const [first = 0] = times;
          expect(times.every((time, n) => n === 0 || time > (times[n - 1] ?? 0))).toBe(true);
          expect(times.length).toBeLessThanOrEqual(limits.samplesMax);
          expect((times.at(-1) ?? 0) - first).toBeLessThanOrEqual(limits.spanMs);
        });
      }),
    );
  });

  it('every sample is counted exactly once', () => {
    fc.assert(
      fc.property(bounds, offered, (limits, entries) => {
        const window = linkWindow(limits);
        const outcomes = entries.map(({ step, ...rest }, index) =>
          window.append(at(step, rest), index * 37),
        );
        const count = (outcome: WindowOutcome): number =>
          outcomes.filter((each) => each === outcome).length;
        const { samples, duplicate, late } = window.counters;
        expect([samples, duplicate, late]).toEqual([
          count('accepted'),
          count('duplicate'),
          count('late'),
        ]);
      }),
    );
  });

  it('an accepted sample is in the window right after, as it was offered', () => {
    fc.assert(
      fc.property(bounds, offered, (limits, entries) => {
        const window = linkWindow(limits);
        entries.forEach(({ step, ...rest }, index) => {
          const sample = at(step, rest);
          if (window.append(sample, index * 37) === 'accepted') {
            expect(window.read()).toContainEqual(sample);
          }
        });
      }),
    );
  });

  it('any order of one second of unnumbered samples gives the same window', () => {
    const order = fc.shuffledSubarray([...Array(10).keys()], { minLength: 10 });
    fc.assert(
      fc.property(order, (shuffled) => {
        const window = linkWindow();
        append(window, shuffled.map(unnumbered));
        expect(steps(window)).toEqual([...Array(10).keys()]);
      }),
    );
  });
});
