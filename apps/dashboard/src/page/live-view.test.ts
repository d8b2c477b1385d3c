import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LaneSample } from '../view.ts';
import { mergeSamples } from './live-view.ts';

const at = (timeUnixMs: number, limitBytes = 0) => ({ timeUnixMs, limitBytes }) as LaneSample;

it('replaces samples of the same time and keeps order', () => {
  const merged = mergeSamples([at(100), at(200), at(300)], [at(200, 5), at(250), at(400)]);
  expect(merged).toEqual([at(100), at(200, 5), at(250), at(300), at(400)]);
});

it('gives every time once, in order, the later word winning', () => {
  const samples = fc
    .uniqueArray(fc.integer({ min: 0, max: 30_000 }), { maxLength: 40 })
    .map((times) => times.sort((left, right) => left - right));
  fc.assert(
    fc.property(samples, samples, (held, changed) => {
      const merged = mergeSamples(
        held.map((time) => at(time, 1)),
        changed.map((time) => at(time, 2)),
      );
      const all = [...new Set([...held, ...changed])].sort((left, right) => left - right);
      expect(merged.map(({ timeUnixMs }) => timeUnixMs)).toEqual(all);
      for (const time of changed) {
        expect(merged.find(({ timeUnixMs }) => timeUnixMs === time)?.limitBytes).toBe(2);
      }
    }),
  );
});

it('forgets what is off the graph', () => {
  expect(mergeSamples([at(0), at(50_000)], [at(100_000)])).toEqual([at(50_000), at(100_000)]);
});
