import { describe, expect, it } from 'vitest';
import type { PathWindow } from '../served-model.ts';
import { BANDWIDTH_FEATURES, bandwidthFeatureNames, encodeWindow } from './bandwidth-features.ts';

const NOTHING = { roundTrip: false, loss: false, time: false };
const ALL = { roundTrip: true, loss: true, time: true };

function windowOf(bandwidth: readonly number[], over: Partial<PathWindow> = {}): PathWindow {
  const empty = new Float64Array(bandwidth.length).fill(Number.NaN);
  return {
    stepMs: 1000,
    endUnixMs: Number.NaN,
    bandwidth: Float64Array.from(bandwidth),
    roundTrip: empty,
    loss: empty,
    ...over,
  };
}

const wave = Array.from({ length: 100 }, (_, at) => 1e6 * (2 + Math.sin(at)));
const feature = (input: Float32Array, step: number, name: string) =>
  input[step * BANDWIDTH_FEATURES + bandwidthFeatureNames.indexOf(name as 'last')];

describe('encodeWindow', () => {
  it('makes ten times as fast a path look the same but for its level', () => {
    const slow = encodeWindow(windowOf(wave), { learned: NOTHING });
    const fast = encodeWindow(windowOf(wave.map((value) => 10 * value)), { learned: NOTHING });
    const level = bandwidthFeatureNames.indexOf('level');
    for (const [at, value] of slow.input.entries()) {
      const shift = at % BANDWIDTH_FEATURES === level ? 1 : 0;
      expect(fast.input[at]).toBeCloseTo(value + shift, 4);
    }
    expect(fast.scale[99]).toBeCloseTo(10 * (slow.scale[99] ?? 0), 0);
  });

  it('knows no later second: what follows changes nothing before it', () => {
    const whole = encodeWindow(windowOf(wave), { learned: NOTHING });
    const cut = encodeWindow(windowOf(wave.slice(0, 60)), { learned: NOTHING, steps: 60 });
    expect(whole.input.subarray(0, cut.input.length)).toEqual(cut.input);
    expect(whole.base.subarray(0, 60)).toEqual(cut.base);
  });

  it('encodes the newest steps alone as it encodes them among all', () => {
    const all = encodeWindow(windowOf(wave), { learned: NOTHING });
    const newest = encodeWindow(windowOf(wave), { learned: NOTHING, read: 60 });
    const from = 40 * BANDWIDTH_FEATURES;
    expect(newest.input.subarray(from)).toEqual(all.input.subarray(from));
    expect(newest.input.subarray(0, from).every((value) => value === 0)).toBe(true);
    expect([newest.base.at(-1), newest.scale.at(-1)]).toEqual([all.base.at(-1), all.scale.at(-1)]);
  });

  it('stands a short path at the end, with zeros before', () => {
    const { input, scale } = encodeWindow(windowOf(wave.slice(0, 30)), { learned: NOTHING });
    expect(input.subarray(0, 70 * BANDWIDTH_FEATURES).every((value) => value === 0)).toBe(true);
    expect(feature(input, 70, 'age')).toBeCloseTo(0.01);
    expect(scale.every((value) => value > 0)).toBe(true);
  });

  it('repeats and marks what was not measured, from the first second on', () => {
    const holes = [Number.NaN, 8, Number.NaN].map((value) => value * 1e6);
    const { input, base } = encodeWindow(windowOf(holes), { learned: NOTHING, steps: 3 });
    expect([...base]).toEqual([8e6, 8e6, 8e6].map((value) => expect.closeTo(value, 0)));
    expect([0, 1, 2].map((step) => feature(input, step, 'measured'))).toEqual([0, 1, 0]);
  });

  it('gives round trip, loss and time where they are learnt and known, else zeros', () => {
    const over = {
      endUnixMs: Date.UTC(1970, 0, 5, 6),
      roundTrip: Float64Array.of(Number.NaN, 0.5),
      loss: Float64Array.of(0.25, 2),
    };
    const window = windowOf([1e6, 1e6], over);
    const of = (learned: typeof ALL, step: number) => {
      const { input } = encodeWindow(window, { learned, steps: 2 });
      return [
        ...input.subarray((step + 1) * BANDWIDTH_FEATURES - 9, (step + 1) * BANDWIDTH_FEATURES),
      ];
    };
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 3));
    expect(of(ALL, 0).slice(0, 4)).toEqual([0, 0, 0.5, 1]);
    // A Monday at six: a quarter of the day, and a twenty-eighth of the week.
    const week = (2 * Math.PI) / 28;
    const time = [1, 0, Math.sin(week), Math.cos(week), 1];
    expect(of(ALL, 1)).toEqual(close([1, 1, 0, 0, ...time]));
    expect(of(NOTHING, 1)).toEqual(new Array(9).fill(0));
  });

  it('gives finite, bounded inputs for silence, spikes and constants', () => {
    const spike = wave.map((value, at) => (at === 50 ? 1e15 : value));
    for (const values of [spike, wave.fill(0), new Array(100).fill(7), new Array(100).fill(NaN)]) {
      const { input } = encodeWindow(windowOf(values), { learned: ALL });
      expect(input.every((value) => Math.abs(value) <= 5)).toBe(true);
    }
  });
});
