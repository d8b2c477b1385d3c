import { VirtualClock } from '@levitate/clock';
import type { TimedSample } from '@levitate/series';
import { expect, it } from 'vitest';
import { collect, describeFeatureWindows, sampleAt, samplesAt } from './conformance/conformance.ts';
import {
  linksUnderTest,
  pathsUnderTest,
  type SeriesUnderTest,
  stepsOf,
} from './conformance/series-under-test.ts';
import { MemoryFeatureWindows } from './memory-feature-windows.ts';

function memoryOf<S extends TimedSample>(series: SeriesUnderTest<S>): MemoryFeatureWindows<S> {
  const { kind, bounds } = series;
  return new MemoryFeatureWindows({ kind, clock: new VirtualClock(), ...bounds });
}

const memory = () => memoryOf(linksUnderTest);

function describeMemory<S extends TimedSample>(series: SeriesUnderTest<S>): void {
  describeFeatureWindows('in memory', series, async (bounds) => ({
    windows: memoryOf({ ...series, bounds }),
    stop: async () => {},
  }));
}

describeMemory(linksUnderTest);
describeMemory(pathsUnderTest);

it('a follower that does not read loses the oldest and is told how many', async () => {
  const windows = memory();
  const batches = windows.follow({ backlog: false, signal: AbortSignal.timeout(20_000) });
  for (let step = 0; step < 250; step += 1) await windows.append([sampleAt('a', step)]);
  const { samples, lost } = await collect(batches, 1);
  expect(stepsOf(samples)).toEqual(Array.from({ length: 100 }, (_, index) => 150 + index));
  expect(lost).toBe(150);
});

it('what is appended before the first read of a follower is not missed', async () => {
  const windows = memory();
  await windows.append(samplesAt('a', [0]));
  const batches = windows.follow({ backlog: false, signal: AbortSignal.timeout(20_000) });
  await windows.append(samplesAt('a', [1]));
  expect(stepsOf((await collect(batches, 1)).samples)).toEqual([1]);
});

it('a follower that leaves is forgotten', async () => {
  const windows = memory();
  const controller = new AbortController();
  windows.follow({ backlog: false, signal: controller.signal });
  await windows.append(samplesAt('a', [0]));
  const read = windows.follow({ backlog: true, signal: AbortSignal.timeout(20_000) });
  expect(windows.followers).toBe(2);
  await collect(read, 1);
  controller.abort();
  expect(windows.followers).toBe(0);
});

it('closed windows refuse samples with a typed error', async () => {
  const windows = memory();
  await windows.close();
  await expect(windows.append(samplesAt('a', [0]))).rejects.toMatchObject({ code: 'closed' });
});
