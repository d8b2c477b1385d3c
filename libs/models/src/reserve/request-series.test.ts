import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  perSecond,
  type RequestSeries,
  readRequestSeries,
  splitRequestSeries,
  spreadParts,
} from './request-series.ts';

const random = new SeededRandom('requests');

function series(name: string, length: number): RequestSeries {
  const demand = Float64Array.from({ length }, (_, index) => index);
  return { kind: 'requests-1s-twitter', name, demand, startSecond: 0 };
}

describe('perSecond', () => {
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
});

describe('splitRequestSeries', () => {
  it('divides days into those to learn from, to choose by and to score, none in two', () => {
    const days = Array.from({ length: 12 }, (_, day) => series(`day${day + 1}`, 3));
    const { training, validation, test } = splitRequestSeries(days);
    const names = (part: RequestSeries[]) => part.map(({ name }) => name);
    expect([names(training).at(-1), names(validation), names(test)[0]]).toEqual([
      'day6',
      ['day7', 'day8'],
      'day9',
    ]);
    expect([...training, ...validation, ...test]).toEqual(days);
  });

  it('divides a single file by time, and remembers the time of day', () => {
    const { training, validation, test } = splitRequestSeries([series('a', 600)]);
    const spans = [training, validation, test].map(([part]) => [
      part?.startSecond,
      part?.demand[0],
      part?.demand.length,
    ]);
    expect(test.map(({ name }) => name)).toEqual(['a@400']);
    expect(
      spreadParts(test[0] as RequestSeries, { longest: 50, wanted: 2, turn: 0 })[1]?.name,
    ).toBe('a@550');
    expect(spans).toEqual([
      [0, 0, 300],
      [300, 300, 100],
      [400, 400, 200],
    ]);
  });

  it('leaves nothing to choose by where there are two files', () => {
    const { training, validation, test } = splitRequestSeries([series('a', 5), series('b', 5)]);
    expect([training.length, validation.length, test.length]).toEqual([1, 0, 1]);
  });
});

describe('spreadParts', () => {
  it('cuts parts that do not overlap, and begins later from file to file', () => {
    const parts = spreadParts(series('a', 100), { longest: 30, wanted: 3, turn: 0 });
    expect(parts.map(({ demand }) => [demand[0], demand.length])).toEqual([
      [0, 30],
      [35, 30],
      [70, 30],
    ]);
    const starts = [0, 1, 2, 3].map((turn) => {
      const [part] = spreadParts(series('a', 100), { longest: 10, wanted: 1, turn });
      return [part?.demand[0], part?.startSecond, part?.name];
    });
    expect(starts).toEqual([
      [0, 0, 'a@0'],
      [30, 30, 'a@30'],
      [60, 60, 'a@60'],
      [90, 90, 'a@90'],
    ]);
  });
});

describe('readRequestSeries', () => {
  it('reads a folder of a kind and says nothing of one that is not there', () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'levitate-request-series-'));
    onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
    const folder = join(dataDirectory, 'traces', 'requests-1s-twitter');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.csv'), 't_s,requests\n0,5\n1,6\n2,7\n');
    const options = { dataDirectory, seed: 1 };
    const [day] = readRequestSeries({ kind: 'requests-1s-twitter', ...options });
    expect([...(day?.demand ?? [])]).toEqual([5, 6, 7]);
    expect(readRequestSeries({ kind: 'requests-1s-autothrottle', ...options })).toEqual([]);
  });
});
