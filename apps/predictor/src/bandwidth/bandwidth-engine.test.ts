import type { PathForecast, PathWindow } from '@levitate/models';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { inferenceMetrics } from '../models/inference-metrics.ts';
import { BandwidthEngine } from './bandwidth-engine.ts';

const call = { trafficClass: '', signal: new AbortController().signal, deadlineUnixMs: 1e15 };
const file = {
  ...{ id: 'tiny@1', fingerprint: 'f'.repeat(64) },
  manifest: { name: 'tiny', classes: { '4g': { winner: 'tiny' }, '5g': { winner: 'EWMA 0.4' } } },
} as never;

/** An engine whose one model answers as told, without a thread. */
function engineOf(answer: (window: PathWindow) => PathForecast, demoted: string[] = []) {
  let asked = 0;
  const engine = new BandwidthEngine({
    models: () => [file],
    demoted: () => new Set(demoted),
    pool: {
      async ask(_: unknown, { windows }: { windows: PathWindow[] }) {
        asked += windows.length;
        return { kind: 'bandwidth', backend: 'typescript', forecasts: windows.map(answer) };
      },
    } as never,
    metrics: inferenceMetrics({ registry: new Registry(), waiting: () => [] }),
    cacheMax: 10,
  });
  return { engine, asked: () => asked };
}

function windowOf(rate: (index: number) => number, steps = 100): PathWindow {
  const nothing = new Float64Array(steps).fill(Number.NaN);
  const bandwidth = Float64Array.from({ length: steps }, (_, index) => rate(index));
  return { stepMs: 1000, endUnixMs: 1e12, bandwidth, roundTrip: nothing, loss: nothing };
}

const flat = (value: number): PathForecast => {
  const ten = new Array<number>(10).fill(value);
  return { mean: ten, q10: ten, q50: ten, q90: ten };
};

describe('forecasts of windows', () => {
  it.each<[string, (index: number) => number]>([
    ['holes', (index) => (index % 3 === 0 ? 1e6 : Number.NaN)],
    ['a constant', () => 1e6],
    ['nothing but zeros', () => 0],
    ['one spike of a thousand times', (index) => (index === 70 ? 1e9 : 1e6)],
    ['a change of ten times', (index) => (index < 50 ? 1e6 : 1e7)],
    ['the largest there is', () => 1e15],
  ])('with %s are finite, ordered and bounded, whatever the model says', async (_, rate) => {
    for (const said of [0, -5, 1e30, Number.NaN, Number.POSITIVE_INFINITY]) {
      const { engine } = engineOf(() => ({ ...flat(said), q10: new Array<number>(10).fill(1e6) }));
      const window = windowOf(rate);
      const [forecast] = await engine.forecast([window], call);
      const most = Math.max(...window.bandwidth.filter((value) => !Number.isNaN(value)));
      expect(forecast?.steps).toHaveLength(10);
      for (const { mean, q10, q50, q90 } of forecast?.steps ?? []) {
        for (const value of [mean, q10, q50, q90]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(10 * most);
        }
        expect(q10).toBeLessThanOrEqual(q50);
        expect(q50).toBeLessThanOrEqual(q90);
      }
      const isSound = Number.isFinite(said);
      expect(forecast?.model).toBe(isSound ? 'tiny@1' : 'persistence@1');
      expect(forecast?.abstained).toEqual(isSound ? [] : ['unsound']);
    }
  });

  it('are cached by model and window, and a hit takes less than 0.1 ms', async () => {
    const { engine, asked } = engineOf(() => flat(1e6));
    const window = windowOf((index) => 1e6 + index);
    await engine.forecast([window], call);
    const times: number[] = [];
    for (let round = 0; round < 300; round++) {
      const startMs = performance.now();
      const [again] = await engine.forecast([window], call);
      times.push(performance.now() - startMs);
      expect(again?.cached).toBe(true);
    }
    expect(asked()).toBe(1);
    expect(times.sort((one, other) => one - other)[150]).toBeLessThan(0.1);
    await engine.forecast([windowOf((index) => 1e6 + 2 * index)], call);
    expect(asked()).toBe(2);
  });

  it('come from the winner of the class that is named, and not from a demoted model', async () => {
    const window = windowOf(() => 1e6);
    const who = async (trafficClass: string, demoted: string[] = []) => {
      const { engine } = engineOf(() => flat(1e6), demoted);
      const [forecast] = await engine.forecast([window], { ...call, trafficClass });
      return [forecast?.model, ...(forecast?.abstained ?? [])];
    };
    expect(await who('4g')).toEqual(['tiny@1']);
    expect(await who('5g')).toEqual(['ewma@1', 'baseline-won']);
    expect(await who('moon')).toEqual(['persistence@1', 'unknown-class']);
    expect(await who('4g', ['tiny@1'])).toEqual(['persistence@1', 'model-demoted']);
  });

  it('are a baseline’s for a window that shows too little', async () => {
    const { engine, asked } = engineOf(() => flat(1e6));
    const short = windowOf((index) => (index < 80 ? Number.NaN : 1e6));
    const [one, none] = await engine.forecast([short, undefined], call);
    expect(one?.abstained).toEqual(['short-window']);
    expect(none).toMatchObject({ steps: [], abstained: ['no-data'] });
    expect(asked()).toBe(0);
  });
});
