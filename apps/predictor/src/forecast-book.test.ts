import { type BurstForecast, LinkForecaster } from '@levitate/forecast';
import type { Sample } from '@levitate/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForecastBook, type ForecastBookOptions } from './forecast-book.ts';
import type { Forecaster } from './link-forecasts.ts';
import { burstySamples, startUnixMs } from './testing/bursty-samples.ts';

function bookOf(options: Partial<ForecastBookOptions> = {}): ForecastBook {
  return new ForecastBook({
    newForecaster: (link) => new LinkForecaster({ link }),
    linksMax: 100,
    staleAfterMs: 2000,
    forgetAfterMs: 600_000,
    ...options,
  });
}

/** Feeds samples as they would come live: learnt when they are due, a tick every half second. */
function followLive(book: ForecastBook, samples: readonly Sample[]): BurstForecast[] {
  const forecasts: BurstForecast[] = [];
  for (const [index, sample] of samples.entries()) {
    const nowMs = sample.timeUnixMs - startUnixMs;
    book.learn([sample], nowMs);
    if (index % 5 === 4) forecasts.push(...book.tick(nowMs));
  }
  return forecasts;
}

describe('forecasts of many links', () => {
  it('announce a burst that comes every 15 s before it comes', () => {
    const forecasts = followLive(bookOf(), burstySamples({ seconds: 150 }));
    const announced = forecasts.filter(
      ({ burstPredicted, madeUnixMs, timeToBurstS }) =>
        burstPredicted &&
        Math.abs(madeUnixMs + timeToBurstS * 1000 - (startUnixMs + 135_000)) < 500,
    );
    expect(announced.length).toBeGreaterThan(5);
  });

  it('are after a backlog what they are after the same samples live', () => {
    const samples = burstySamples({ seconds: 100 });
    const live = bookOf();
    followLive(live, samples);
    const relearnt = bookOf();
    relearnt.learn(samples, 0);
    const one = live.tick(100_000)[0];
    const other = relearnt.tick(0)[0];
    expect(other?.burstPredicted).toBe(true);
    expect(other?.timeToBurstS).toBeCloseTo(one?.timeToBurstS ?? Number.NaN, 3);
    expect(other?.confidence).toBeCloseTo(one?.confidence ?? Number.NaN, 1);
    const hits = (book: ForecastBook) => book.get('a')?.scores.map(({ score }) => score.hits);
    expect(hits(relearnt)).toEqual(hits(live));
    expect(hits(relearnt)).toContain(4);
  });

  it('say no-data once a link is silent, and predict again when it is back', () => {
    const book = bookOf();
    const samples = burstySamples({ seconds: 120 });
    book.learn(samples.slice(0, 1000), 0);
    expect(book.tick(1500)[0]?.abstained).not.toContain('no-data');
    const silent = book.tick(2500)[0];
    expect(silent).toMatchObject({ burstPredicted: false, confidence: 0, abstained: ['no-data'] });
    book.learn(samples.slice(1000, 1010), 2600);
    expect(book.tick(2700)[0]).toMatchObject({ burstPredicted: true, abstained: [] });
  });

  it('give a slow source three of its own intervals before they say no-data', () => {
    const book = bookOf();
    const slow = burstySamples({ seconds: 1 }).slice(0, 1);
    book.learn([{ ...(slow[0] as Sample), intervalMs: 15_000 }], 0);
    expect(book.tick(44_000)[0]?.abstained).not.toContain('no-data');
    expect(book.tick(46_000)[0]?.abstained).toEqual(['no-data']);
  });

  it('refuse and count links beyond their bound, and take one when another is forgotten', () => {
    const forgotten: string[] = [];
    const book = bookOf({ linksMax: 2, onForget: (link) => forgotten.push(link) });
    const one = (link: string) => burstySamples({ link, seconds: 1 }).slice(0, 1);
    expect(book.learn([...one('a'), ...one('b'), ...one('c')], 0)).toEqual({
      learnt: 2,
      refused: 1,
      malformed: 0,
    });
    book.learn([{ ...(one('b')[0] as Sample), timeUnixMs: startUnixMs + 9e5 }], 600_000);
    expect(book.learn(one('c'), 600_001)).toMatchObject({ learnt: 1, refused: 0 });
    expect(forgotten).toEqual(['a']);
    expect(book.entries().map(([link]) => link)).toEqual(['b', 'c']);
  });

  it('survive a forecaster that fails or answers nonsense, and only its link starts afresh', () => {
    const failures: string[] = [];
    let made = 0;
    const broken = (link: string): Forecaster => {
      const sound = new LinkForecaster({ link });
      made += 1;
      const isBad = link === 'bad' && made <= 3;
      return {
        learn: (sample) => sound.learn(sample),
        forecast: () => ({ ...sound.forecast(), ...(isBad ? { confidence: Number.NaN } : {}) }),
        serving: 'broken',
        scores: () => sound.scores(),
      };
    };
    const onFailure = (link: string) => failures.push(link);
    const book = bookOf({ newForecaster: broken, onFailure });
    book.learn([...burstySamples({ link: 'bad', seconds: 1 }).slice(0, 1)], 0);
    book.learn(burstySamples({ link: 'good', seconds: 85 }), 0);
    for (const forecast of [...book.tick(10), ...book.tick(20)]) {
      expect(Number.isFinite(forecast.confidence)).toBe(true);
    }
    expect(new Set(failures)).toEqual(new Set(['bad']));
    expect(book.get('good')?.latest?.burstPredicted).toBe(true);
  });
});

/** What a broken source may send: jumps of the clock, duplicates, holes, impossible values. */
const hostileSample = fc.record({
  stepMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(100) },
    { weight: 1, arbitrary: fc.constantFrom(0, -100, -1, 0.5, 5_000, 120_000, -3_600_000) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e18) },
  ),
  values: fc.record(
    {
      throughputBytesPerSecond: fc.double(),
      packetsPerSecond: fc.double(),
      throughputPeakBytesPerSecond: fc.double(),
      queueBytes: fc.double(),
      queueHighWaterBytes: fc.double(),
      droppedBytes: fc.double(),
      drainBytesPerSecond: fc.double(),
      intervalMs: fc.double(),
      sequence: fc.double(),
    },
    { requiredKeys: [] },
  ),
});

describe('hostile samples', () => {
  it('never crash a forecaster, break the bounds or surface as a number that is none', () => {
    fc.assert(
      fc.property(fc.array(hostileSample, { maxLength: 200 }), (steps) => {
        const failures: unknown[] = [];
        const book = bookOf({ onFailure: (_, error) => failures.push(error) });
        let timeUnixMs = startUnixMs;
        for (const [index, { stepMs, values }] of steps.entries()) {
          const next = timeUnixMs + stepMs;
          if (Number.isFinite(next) && next > 0 && next < 8e15) timeUnixMs = next;
          book.learn([{ link: 'a', origin: 'push', timeUnixMs: next, ...values }], index * 100);
          for (const forecast of book.tick(index * 100)) {
            expect(numbersOf(forecast).filter((value) => !Number.isFinite(value))).toEqual([]);
            expect(forecast.confidence).toBeGreaterThanOrEqual(0);
            expect(forecast.confidence).toBeLessThanOrEqual(1);
          }
        }
        expect(failures).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('do not stop the forecasts of sound samples that follow', () => {
    const book = bookOf();
    const bad = { link: 'a', origin: 'push' as const, throughputBytesPerSecond: Number.NaN };
    for (let index = 0; index < 50; index++) {
      book.learn([{ ...bad, timeUnixMs: startUnixMs - index * 50 }], 0);
    }
    const outcome = book.learn([{ ...bad, timeUnixMs: Number.NaN }], 0);
    expect(outcome.malformed).toBe(1);
    book.learn(burstySamples({ seconds: 100 }), 0);
    expect(book.tick(0)[0]?.burstPredicted).toBe(true);
  });
});

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}
