import type { Sample, TimedSample } from '@levitate/series';
import { afterEach, describe, expect, it } from 'vitest';
import type { FeatureWindows, FollowBatch, FollowOptions } from '../feature-windows.ts';
import type { MemoryBounds } from '../window-bounds.ts';
import { linksUnderTest, type SeriesUnderTest, startUnixMs, stepsOf } from './series-under-test.ts';

/** Windows under test, with the bounds of the series under test. */
export interface WindowsUnderTest<S extends TimedSample> {
  windows: FeatureWindows<S>;
  /** Gives back what stands behind the windows. */
  stop(): Promise<void>;
}

/** A numbered sample of a link; a step is 100 ms. */
export function sampleAt(link: string, step: number, over: Partial<Sample> = {}): Sample {
  return linksUnderTest.at(link, step, over);
}

/** Several samples of one link. */
export function samplesAt(link: string, steps: readonly number[]): Sample[] {
  return steps.map((step) => sampleAt(link, step));
}

/** Reads a follower until it has given so many samples. */
export async function collect<S extends TimedSample>(
  batches: AsyncIterable<FollowBatch<S>>,
  samplesMin: number,
): Promise<FollowBatch<S>> {
  const all: FollowBatch<S> = { samples: [], lost: 0 };
  for await (const { samples, lost } of batches) {
    all.samples.push(...samples);
    all.lost += lost;
    if (all.samples.length >= samplesMin) break;
  }
  return all;
}

/** What every implementation of `FeatureWindows` promises; run once per implementation and kind. */
export function describeFeatureWindows<S extends TimedSample>(
  where: string,
  series: SeriesUnderTest<S>,
  open: (bounds: MemoryBounds) => Promise<WindowsUnderTest<S>>,
): void {
  describe(`windows of ${series.kind.noun}s ${where} keep the promises of feature windows`, () => {
    let opened: WindowsUnderTest<S>[] = [];
    afterEach(async () => {
      for (const { windows, stop } of opened) {
        await windows.close();
        await stop();
      }
      opened = [];
    });
    const openWindows = async (bounds = series.bounds): Promise<FeatureWindows<S>> => {
      const underTest = await open(bounds);
      opened.push(underTest);
      return underTest.windows;
    };
    describeWindows(series, openWindows);
    describeBounds(series, openWindows);
    describeFollowing(series, openWindows);
    describeSlowReading(series, openWindows);
  });
}

type Open<S extends TimedSample> = (bounds?: MemoryBounds) => Promise<FeatureWindows<S>>;

function describeWindows<S extends TimedSample>(series: SeriesUnderTest<S>, open: Open<S>): void {
  const { at } = series;
  const { noun, intervalMs } = series.kind;
  const many = manyOf(series);

  it('what was appended is read back as it was, missing values missing', async () => {
    const windows = await open();
    const sample = at('a', 0, series.measured);
    expect(await windows.append([sample])).toEqual({
      accepted: 1,
      duplicate: 0,
      late: 0,
      refused: 0,
    });
    expect(await windows.read('a')).toEqual([sample]);
  });

  it('a window of the bounds that are the default has all of its time', async () => {
    const { bounds } = series.kind;
    const windows = await open(bounds);
    const steps = Array.from({ length: bounds.samplesMax + 50 }, (_, step) => step);
    for (let first = 0; first < steps.length; first += 100) {
      await windows.append(many('a', steps.slice(first, first + 100)));
    }
    expect(stepsOf(await windows.read('a'))).toEqual(steps.slice(-bounds.samplesMax));
  });

  it(`a ${noun} that is not known has an empty window`, async () => {
    expect(await (await open()).read('nobody')).toEqual([]);
  });

  it('a window is ordered, bounded, and without duplicates', async () => {
    const windows = await open();
    await windows.append(many('a', [0, 1, 2, 3, 5, 4, 6, 7]));
    const outcome = await windows.append(many('a', [7, 8, 9, 10, 11, -20]));
    expect(outcome).toEqual({ accepted: 4, duplicate: 1, late: 1, refused: 0 });
    expect(stepsOf(await windows.read('a'))).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it(`${noun}s are told apart and listed by name with their counters`, async () => {
    const windows = await open();
    await windows.append([...many('b', [0]), ...many('a', [0, 1, 4, 4, -50])]);
    expect(await windows.summaries()).toEqual([
      {
        name: 'a',
        origin: 'push',
        newestUnixMs: startUnixMs + 4 * intervalMs,
        samples: 3,
        duplicate: 1,
        late: 1,
        gaps: 1,
        outOfOrder: 0,
        clockSteps: 0,
      },
      {
        name: 'b',
        origin: 'push',
        newestUnixMs: startUnixMs,
        samples: 1,
        duplicate: 0,
        late: 0,
        gaps: 0,
        outOfOrder: 0,
        clockSteps: 0,
      },
    ]);
  });
}

function describeBounds<S extends TimedSample>(series: SeriesUnderTest<S>, open: Open<S>): void {
  const { at, kind } = series;

  it(`a new ${kind.noun} beyond the bound is refused and the others go on`, async () => {
    const windows = await open();
    await windows.append(['a', 'b', 'c'].map((name) => at(name, 0)));
    const outcome = await windows.append([at('d', 0), at('a', 1)]);
    expect(outcome).toEqual({ accepted: 1, duplicate: 0, late: 0, refused: 1 });
    expect((await windows.summaries()).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('a clock set back goes on with the new time', async () => {
    const windows = await open();
    await windows.append(manyOf(series)('a', [0, 1, 2]));
    const back = { ...at('a', -36_000), sequence: 1003 };
    expect((await windows.append([back])).accepted).toBe(1);
    expect(await windows.read('a')).toEqual([back]);
    expect(await windows.summaries()).toMatchObject([{ clockSteps: 1, late: 0 }]);
  });

  it('a clock set forward goes on with the new time, and back again with the old', async () => {
    const windows = await open();
    await windows.append(manyOf(series)('a', [0, 1, 2]));
    const ahead = { ...at('a', 36_000), sequence: 1003 };
    const back = { ...at('a', 4), sequence: 1004 };
    expect((await windows.append([ahead])).accepted).toBe(1);
    expect(await windows.read('a')).toEqual([ahead]);
    expect((await windows.append([back])).accepted).toBe(1);
    expect(await windows.read('a')).toEqual([back]);
    expect(await windows.summaries()).toMatchObject([{ clockSteps: 2, late: 0 }]);
  });
}

function describeFollowing<S extends TimedSample>(series: SeriesUnderTest<S>, open: Open<S>): void {
  const { kind } = series;
  const many = manyOf(series);
  const follow = (windows: FeatureWindows<S>, options: Partial<FollowOptions>) =>
    windows.follow({ backlog: true, signal: AbortSignal.timeout(20_000), ...options });

  it('a follower gets the backlog, then what is new, each sample once', async () => {
    const windows = await open();
    await windows.append(many('a', [0, 1, 2]));
    const read = collect(follow(windows, {}), 5);
    await windows.append(many('a', [2, 3, 4]));
    const { samples, lost } = await read;
    expect(stepsOf(samples)).toEqual([0, 1, 2, 3, 4]);
    expect(lost).toBe(0);
  });

  it(`a follower of some ${kind.noun}s gets those alone, also when they come later`, async () => {
    const windows = await open();
    await windows.append(many('a', [0]));
    const read = collect(follow(windows, { names: ['b'] }), 2);
    await windows.append([...many('a', [1]), ...many('b', [0]), ...many('b', [1])]);
    expect((await read).samples.map(kind.nameOf)).toEqual(['b', 'b']);
  });

  it('a follower sees a sample out of order when it arrives', async () => {
    const windows = await open();
    await windows.append(many('a', [0]));
    const batches = follow(windows, {})[Symbol.asyncIterator]();
    const nextSteps = async () => stepsOf((await batches.next()).value?.samples ?? []);
    expect(await nextSteps()).toEqual([0]);
    await windows.append(many('a', [2]));
    expect(await nextSteps()).toEqual([2]);
    await windows.append(many('a', [1]));
    expect(await nextSteps()).toEqual([1]);
    await batches.return?.();
  });

  it('an aborted follower ends without an error', async () => {
    const windows = await open();
    const controller = new AbortController();
    const read = collect(follow(windows, { signal: controller.signal }), 10);
    await windows.append(many('a', [0]));
    controller.abort();
    expect((await read).samples.length).toBeLessThanOrEqual(1);
  });

  it('closing the windows ends their followers', async () => {
    const windows = await open();
    const read = collect(follow(windows, {}), 10);
    await windows.close();
    expect((await read).samples).toEqual([]);
  });
}

function describeSlowReading<S extends TimedSample>(
  series: SeriesUnderTest<S>,
  open: Open<S>,
): void {
  const many = manyOf(series);

  it('a reader that is slow has every sample or is told that it lost it', async () => {
    const windows = await open();
    await windows.append(many('a', [0]));
    const batches = windows.follow({ backlog: true, signal: AbortSignal.timeout(60_000) });
    const iterator = batches[Symbol.asyncIterator]();
    expect((await iterator.next()).value?.samples).toHaveLength(1);
    const offered = 5000;
    for (let first = 1; first <= offered; first += 50) {
      const steps = Array.from({ length: 50 }, (_, index) => first + index);
      expect((await windows.append(many('a', steps))).accepted).toBe(50);
    }
    let [received, lost] = [0, 0];
    while (received + lost < offered) {
      const { value } = await iterator.next();
      received += value?.samples.length ?? 0;
      lost += value?.lost ?? 0;
    }
    expect(received + lost).toBe(offered);
    await iterator.return?.();
  });
}

function manyOf<S extends TimedSample>(series: SeriesUnderTest<S>) {
  return (name: string, steps: readonly number[]): S[] =>
    steps.map((step) => series.at(name, step));
}
