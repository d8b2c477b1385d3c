import type { PathSample } from '@levitate/series';
import { describe, expect, it } from 'vitest';
import { byBaseline, type WindowForecast } from './bandwidth-engine.ts';
import { PathBook, type PathBookOptions } from './path-book.ts';

const call = { signal: new AbortController().signal, deadlineUnixMs: 1e15 };
const file = {
  id: 'tiny@1',
  manifest: {
    name: 'tiny',
    classes: { all: { winner: 'tiny', validation: { tiny: { wape: 0.25 } } } },
  },
} as never;

/** A book whose one model is as far off as told. */
function bookOf(off: () => number, over: Partial<PathBookOptions> = {}) {
  const engine = {
    async byModel(_: unknown, windows: Parameters<typeof byBaseline>[0][]) {
      return windows.map((window): WindowForecast => {
        const rate = (window.bandwidth.at(-1) ?? 0) * off();
        const steps = new Array(10).fill({ mean: rate, q10: rate, q50: rate, q90: rate });
        return { ...byBaseline(window, 'persistence', []), steps, model: 'tiny@1' };
      });
    },
  };
  return new PathBook({
    pathsMax: 10,
    forgetAfterMs: 60_000,
    models: () => [file],
    engine: () => engine as never,
    onFailure: (_, error) => {
      throw error;
    },
    ...over,
  });
}

const sample = (second: number, rate = 1e6): PathSample => ({
  ...{ path: 'a>b', origin: 'push', intervalMs: 1000 },
  timeUnixMs: 1e12 + second * 1000,
  bandwidthBytesPerSecond: rate,
});

/** A rate that never stands still, so that no baseline is perfect. */
const rateAt = (second: number) => 1e6 * (1 + 0.2 * Math.sin(second * 2.4));

async function follow(book: PathBook, from: number, count: number): Promise<void> {
  for (let second = from; second < from + count; second++) {
    book.learn([sample(second, rateAt(second))], second * 1000);
    await book.tick(second * 1000, call);
  }
}

describe('the paths of telemetry', () => {
  it('are the validated winner’s until it is wrong, and its drift is told', async () => {
    let off = 1;
    const book = bookOf(() => off);
    await follow(book, 0, 60);
    expect(book.latest('a>b')?.forecast.model).toBe('tiny@1');
    expect(book.watch.alarmOf('tiny@1')?.isRaised).toBe(false);
    off = 3;
    await follow(book, 60, 150);
    expect(book.latest('a>b')?.forecast.model).not.toBe('tiny@1');
    expect(book.latest('a>b')?.forecast.abstained).toEqual(['baseline-leads']);
    expect(book.watch.alarmOf('tiny@1')?.isRaised).toBe(true);
    expect(book.watch.demoted()).toEqual(new Set(['tiny@1']));
    const { demoted, online, drift } = book.inService('tiny@1');
    expect(demoted).toContain('not below persistence');
    expect(drift?.alarm).toBe(true);
    expect(online.find(({ name }) => name === 'tiny@1')).toMatchObject({ serving: 0 });
  });

  it('hold a model to its worst class on validation, whatever its name there', async () => {
    const classes = {
      '4g': {
        winner: 'LSTM',
        validation: { LSTM: { accuracy: 0.8 }, 'last value': { wape: 0.9 } },
      },
      ucc: { winner: 'LSTM', validation: { LSTM: { accuracy: 0.6 }, 'EWMA 0.4': { wape: 0.7 } } },
    };
    const shipped = { id: 'tiny@1', manifest: { name: 'tiny', classes } } as never;
    const book = bookOf(() => 1, { models: () => [shipped] });
    await follow(book, 0, 1);
    // An alarm is raised at 20 times the error that was normal.
    expect(book.inService('tiny@1').drift?.threshold).toBeCloseTo(20 * 0.4, 9);
  });

  it('start afresh where time steps back, and ignore what is late or twice', async () => {
    const book = bookOf(() => 1);
    await follow(book, 1_000, 50);
    book.learn([sample(1_049), sample(1_020, 9e9)], 1_050_000);
    await book.tick(1_050_000, call);
    expect(book.latest('a>b')?.madeUnixMs).toBe(1e12 + 1_049_000);
    for (let second = 0; second < 40; second++) book.learn([sample(second)], 1_051_000);
    await book.tick(1_051_000, call);
    const latest = book.latest('a>b');
    expect(latest?.madeUnixMs).toBe(1e12 + 39_000);
    expect(latest?.forecast.steps.every(({ mean }) => Math.abs(mean - 1e6) < 1)).toBe(true);
  });

  it('say nothing where nothing is known, and are forgotten when silent', async () => {
    const book = bookOf(() => 1, { pathsMax: 1 });
    const bare = { ...sample(1), bandwidthBytesPerSecond: Number.NaN };
    expect(book.learn([bare, { ...bare, path: 'c' }], 0)).toEqual({ learnt: 1, refused: 1 });
    await book.tick(0, call);
    expect(book.latest('a>b')?.forecast).toMatchObject({ steps: [], abstained: ['no-data'] });
    await book.tick(61_000, call);
    expect(book.size).toBe(0);
    expect(book.learn([{ ...bare, path: 'c' }], 61_000)).toEqual({ learnt: 1, refused: 0 });
  });
});
