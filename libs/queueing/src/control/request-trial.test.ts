import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { drawPlaces, onsetsOf, peakLevel, ratesOf, trialOf } from './request-trial.ts';

/** Level 100 with a rise to 300 for 30 s at each of these seconds. */
function withRises(seconds: number, rises: readonly number[]) {
  const demand = new Float64Array(seconds).fill(100);
  for (const rise of rises) demand.fill(300, rise, rise + 30);
  return demand;
}

describe('onsetsOf', () => {
  it('finds the second 10 s before the mean of five rises to 1.5 times that of 60', () => {
    // The 5 s from second 410 on reach 1.5 x 100 when two of them are above.
    expect(onsetsOf(withRises(1000, [413]))).toEqual([400]);
    expect(onsetsOf(withRises(1000, []))).toEqual([]);
    expect(onsetsOf(withRises(1000, [300, 500])).length).toBe(2);
    expect(onsetsOf(new Float64Array(500))).toEqual([]);
  });
});

describe('peakLevel', () => {
  it('is what 99.9 % of the seconds stay below, each file over its own mean', () => {
    const small = Float64Array.from({ length: 1000 }, (_, second) => (second % 2 === 0 ? 1 : 3));
    const large = small.map((requests) => 1000 * requests);
    const level = peakLevel([
      { name: 'small', demand: small },
      { name: 'large', demand: large },
    ]);
    expect(level).toBe(1.5);
    const spiky = new Float64Array(10_000).fill(1);
    spiky.fill(100, 0, 9);
    expect(peakLevel([{ name: 'spiky', demand: spiky }])).toBeLessThan(1);
    expect(() => peakLevel([{ name: 'empty', demand: [0, 0] }])).toThrow(/without a request/);
  });
});

describe('drawPlaces', () => {
  const rises = [1100, 2500, 2600, 6000];
  const files = [
    { name: 'one', demand: withRises(9000, rises) },
    { name: 'other', demand: withRises(3600, []) },
    { name: 'short', demand: withRises(400, []) },
  ];

  it('keeps the counted part in one block and the whole trial in the file', () => {
    const places = drawPlaces({ files, count: 2000, onsets: false, random: new SeededRandom(1) });
    for (const { file, startSecond, block } of places) {
      const from = startSecond + 120;
      expect(startSecond).toBeGreaterThanOrEqual(0);
      expect(from + 300).toBeLessThanOrEqual(file.demand.length);
      expect(block).toBe(`${file.name}/${Math.floor(from / 900)}`);
      expect(Math.floor((from + 299) / 900)).toBe(Math.floor(from / 900));
    }
    expect(new Set(places.map(({ block }) => block)).size).toBe(14);
    expect(places.some(({ file }) => file.name === 'short')).toBe(false);
  });

  it('gives every other trial an onset 20-240 s into its counted part', () => {
    const options = { files, count: 400, onsets: true };
    const places = drawPlaces({ ...options, random: new SeededRandom(2) });
    const known = onsetsOf(files[0]?.demand ?? []);
    expect(known.length).toBe(4);
    places.forEach(({ file, startSecond }, index) => {
      if (index % 2 === 1) return;
      const ahead = known.map((onset) => onset - startSecond - 120);
      expect(file.name).toBe('one');
      expect(ahead.some((seconds) => seconds >= 20 && seconds <= 240)).toBe(true);
    });
    expect(drawPlaces({ ...options, random: new SeededRandom(2) })).toEqual(places);
    const quiet = files.slice(1);
    expect(() => drawPlaces({ ...options, files: quiet, random: new SeededRandom(3) })).toThrow(
      /no file has an onset/,
    );
  });
});

describe('trialOf', () => {
  const place = {
    file: { name: 'one', demand: withRises(2000, [500]) },
    startSecond: 250,
    block: 'one/0',
  };

  it('brings peak where demand is at the level, never more, for 420 s', () => {
    const mean = 100 + (200 * 30) / 2000;
    const rates = ratesOf(place, { peakPerSecond: 840, level: 2 });
    expect(rates.length).toBe(420);
    expect(rates[0]).toBeCloseTo((840 * 100) / mean / 2, 9);
    expect(rates[250]).toBe(840);
    const random = new SeededRandom(4);
    const { atMs } = trialOf(place, { peakPerSecond: 840, level: 2, random });
    const expected = rates.reduce((sum, rate) => sum + rate, 0);
    expect(Math.abs(atMs.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(atMs.at(-1)).toBeLessThan(420_000);
  });
});
