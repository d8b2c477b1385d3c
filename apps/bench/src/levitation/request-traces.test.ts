import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forecastTrace, type TunedPolicy, tune } from './request-policies.ts';
import { cutParts, perSecond, readRequestSeries } from './request-series.ts';
import { measureRequestTraces } from './request-traces.ts';

const random = new SeededRandom('requests');

function dataFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-request-traces-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'traces', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

function secondsFile(count: number, at: (second: number) => number): string {
  const rows = Array.from({ length: count }, (_, second) => `${second},${at(second)}`);
  return `t_s,requests\n${rows.join('\n')}\n`;
}

describe('request series', () => {
  it('counts single arrivals per second', () => {
    const rows = [0, 400, 900, 2100].map((timeMs) => ({ timeMs, value: 7, fields: {} }));
    expect([...perSecond('requests-arrivals-azure-llm', { rows, random })]).toEqual([3, 0, 1]);
  });

  it('spreads the requests of a minute over its seconds', () => {
    const rows = [0, 60_000].map((timeMs) => ({ timeMs, value: 6000, fields: {} }));
    const demand = perSecond('requests-1min-worldcup98', { rows, random });
    expect(demand).toHaveLength(120);
    const sum = demand.reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - 12_000)).toBeLessThan(5 * Math.sqrt(12_000));
  });

  it('cuts parts that do not overlap, and starts later from file to file', () => {
    const whole = Float64Array.from({ length: 100 }, (_, index) => index);
    const parts = cutParts(whole, { longest: 30, wanted: 3, turn: 0 });
    expect(parts.map((part) => [part[0], part.length])).toEqual([
      [0, 30],
      [35, 30],
      [70, 30],
    ]);
    const starts = [0, 1, 2, 3].map((turn) => cutParts(whole, { longest: 10, wanted: 1, turn })[0]);
    expect(starts.map((part) => part?.[0])).toEqual([0, 30, 60, 90]);
  });

  it('reads a folder of a kind and says nothing of one that is not there', () => {
    const dataDirectory = dataFolder({
      'requests-1s-twitter/a.csv': secondsFile(5, (second) => second),
    });
    const options = { dataDirectory, seed: 1, quick: false };
    const series = readRequestSeries({ kind: 'requests-1s-twitter', ...options });
    expect(series.map(({ demand }) => [...demand])).toEqual([[0], [1], [2], [4]]);
    expect(readRequestSeries({ kind: 'requests-1s-autothrottle', ...options })).toEqual([]);
  });
});

describe('tune', () => {
  const policy = (name: string, rejected: number, tight: number): TunedPolicy => ({
    name,
    run: (_, { share }) => ({ arrived: 1, reserveShare: 1, rejected: share ? tight : rejected }),
  });
  const traces = [forecastTrace(new Float64Array(2))];

  it('takes the policy with the fewest rejects, and among equals the one that bears less', () => {
    const policies = [policy('a', 5, 9), policy('b', 0, 8), policy('c', 0, 7), policy('d', 1, 0)];
    expect(tune(policies, { traces, delaySeconds: 1 }).name).toBe('c');
  });
});

describe('measureRequestTraces', () => {
  const context = {
    seed: 1,
    quick: true,
    outDir: tmpdir(),
    signal: new AbortController().signal,
    progress: () => {},
  };

  it('compares with the tuned reactive policy on every kind that is there', async () => {
    const bursty = (second: number) => 100 + (second % 97 < 6 ? 200 : 0) + (second % 5);
    const dataDirectory = dataFolder({
      'requests-1s-autothrottle/a.csv': secondsFile(900, bursty),
      'requests-1s-autothrottle/b.csv': secondsFile(900, bursty),
    });
    const figures = await measureRequestTraces({ ...context, dataDirectory });
    for (const key of ['t4_1s_rejects_vs_tuned_reactive', 't4_5s_rejects_vs_tuned_reactive']) {
      expect(figures.metrics[key]).toBeGreaterThan(0);
      const baseline = figures.baseline[key] as Record<string, Record<string, number>>;
      expect(baseline['requests-1s-autothrottle']?.tuned_reactive_rejected).toBeGreaterThan(10);
      expect(Object.keys(baseline)).toEqual(['requests-1s-autothrottle']);
    }
  });

  it('says that nothing was found in an empty folder', async () => {
    const figures = await measureRequestTraces({ ...context, dataDirectory: dataFolder({}) });
    expect(figures.metrics).toEqual({});
    expect(Object.keys(figures.notMeasured)).toEqual([
      't4_1s_rejects_vs_tuned_reactive',
      't4_5s_rejects_vs_tuned_reactive',
    ]);
  });
});
