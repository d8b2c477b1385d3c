import type { PathWindow } from '@levitate/models';
import type { PathSample } from '@levitate/series';
import { describe, expect, it } from 'vitest';
import { byBaseline, type WindowForecast } from './bandwidth-engine.ts';
import { PathBook, type PathBookOptions } from './path-book.ts';
import type { PathRacer } from './path-racer.ts';

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

const secondOf = ({ endUnixMs }: PathWindow) => (endUnixMs - 1e12) / 1000;

async function follow(book: PathBook, from: number, count: number, paths = ['a>b']) {
  for (let second = from; second < from + count; second++) {
    const samples = paths.map((path) => ({ ...sample(second, rateAt(second)), path }));
    book.learn(samples, second * 1000);
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

  it('race with the liquid ensemble as far as it can, and say why it is silent', async () => {
    let why = '';
    const asked: number[] = [];
    const liquid: PathRacer = {
      ...{ id: 'liquid@1', reference: 0.2, pathsMax: 1 },
      async forecast(windows) {
        asked.push(windows.length);
        return windows.map((window) => {
          const ahead = Array.from({ length: 10 }, (_, step) =>
            rateAt(secondOf(window) + step + 1),
          );
          const steps = ahead.map((rate) => ({ mean: rate, q10: rate, q50: rate, q90: rate }));
          const own = { steps, model: 'liquid@1', backend: 'wasm', abstained: [], cached: false };
          return why === '' ? own : { ...own, steps: [], model: 'none@1', abstained: [why] };
        });
      },
    };
    const book = bookOf(() => 3, { liquid: () => liquid });
    await follow(book, 0, 130, ['a>b', 'c>d']);
    expect(Math.max(...asked)).toBe(1);
    expect(book.latest('a>b')?.forecast).toMatchObject({ model: 'liquid@1', backend: 'wasm' });
    expect(book.latest('c>d')?.forecast.model).not.toBe('liquid@1');
    const { online, demoted, drift } = book.inService('liquid@1');
    expect({ demoted, alarm: drift?.alarm }).toEqual({ demoted: '', alarm: false });
    const own = online.find(({ name }) => name === 'liquid@1');
    expect(own).toMatchObject({ serving: 1 });
    expect(own?.loss).toBeCloseTo(0, 9);
    // Everybody is compared on the very steps that the ensemble forecast.
    const persistence = online.find(({ name }) => name === 'persistence');
    expect(persistence?.count).toBe(own?.count);
    expect(online.map(({ name }) => name)).not.toContain('tiny@1');
    why = 'incoherent';
    await follow(book, 130, 1, ['a>b', 'c>d']);
    expect(book.latest('a>b')?.forecast).toMatchObject({
      ...{ model: 'persistence@1', abstained: ['incoherent'] },
    });
  });

  it('demote a liquid ensemble that goes wrong, and forget one that is gone', async () => {
    let isThere = true;
    const liquid: PathRacer = {
      ...{ id: 'liquid@1', reference: 0.2, pathsMax: 5 },
      async forecast(windows) {
        const step = { mean: 9e6, q10: 9e6, q50: 9e6, q90: 9e6 };
        const steps = new Array<typeof step>(10).fill(step);
        const own = { steps, model: 'liquid@1', backend: 'wasm', abstained: [], cached: false };
        return windows.map(() => own);
      },
    };
    const book = bookOf(() => 1, { liquid: () => (isThere ? liquid : undefined) });
    await follow(book, 0, 200);
    expect(book.inService('liquid@1').demoted).toContain('not below persistence');
    expect(book.inService('liquid@1').drift?.alarm).toBe(true);
    expect(book.scores().map(({ name }) => name)).toContain('liquid@1');
    isThere = false;
    await follow(book, 200, 1);
    expect(book.inService('liquid@1')).toEqual({ online: [], demoted: '' });
    expect(book.scores().map(({ name }) => name)).not.toContain('liquid@1');
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
