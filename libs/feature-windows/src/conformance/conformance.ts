import type { Sample } from '@levitate/series';
import { afterEach, describe, expect, it } from 'vitest';
import type { FeatureWindows, FollowBatch, FollowOptions } from '../feature-windows.ts';

/** Windows under test: 1 s at 10 Hz, at most 3 links, at most 100 samples waiting per follower. */
export interface WindowsUnderTest {
  windows: FeatureWindows;
  /** Gives back what stands behind the windows. */
  stop(): Promise<void>;
}

/** The bounds every implementation is given, where they are its own to keep. */
export const conformanceBounds = {
  spanMs: 1000,
  samplesMax: 10,
  linksMax: 3,
  followerSamplesMax: 100,
};

const start = 1_700_000_000_000;

/** A numbered sample of 100 ms; a step is an interval. */
export function sampleAt(link: string, step: number, over: Partial<Sample> = {}): Sample {
  return {
    link,
    origin: 'push',
    sequence: step + 1000,
    timeUnixMs: start + step * 100,
    intervalMs: 100,
    ...over,
  };
}

/** The steps of samples made by `sampleAt`. */
export function stepsOf(samples: readonly Sample[]): number[] {
  return samples.map(({ timeUnixMs }) => (timeUnixMs - start) / 100);
}

/** Several samples of one link. */
export function samplesAt(link: string, steps: readonly number[]): Sample[] {
  return steps.map((step) => sampleAt(link, step));
}

/** Reads a follower until it has given so many samples. */
export async function collect(
  batches: AsyncIterable<FollowBatch>,
  samplesMin: number,
): Promise<FollowBatch> {
  const all: FollowBatch = { samples: [], lost: 0 };
  for await (const { samples, lost } of batches) {
    all.samples.push(...samples);
    all.lost += lost;
    if (all.samples.length >= samplesMin) break;
  }
  return all;
}

/** What every implementation of `FeatureWindows` promises; run once per implementation. */
export function describeFeatureWindows(name: string, open: () => Promise<WindowsUnderTest>): void {
  describe(`${name} keep the promises of feature windows`, () => {
    let opened: WindowsUnderTest[] = [];
    afterEach(async () => {
      for (const { windows, stop } of opened) {
        await windows.close();
        await stop();
      }
      opened = [];
    });
    const openWindows = async (): Promise<FeatureWindows> => {
      const underTest = await open();
      opened.push(underTest);
      return underTest.windows;
    };
    describeWindows(openWindows);
    describeBounds(openWindows);
    describeFollowing(openWindows);
  });
}

function describeWindows(open: () => Promise<FeatureWindows>): void {
  it('what was appended is read back as it was, missing values missing', async () => {
    const windows = await open();
    const sample = sampleAt('a', 0, { queueBytes: 0, latencyP99Seconds: 0.25, origin: 'kernel' });
    expect(await windows.append([sample])).toEqual({
      accepted: 1,
      duplicate: 0,
      late: 0,
      refused: 0,
    });
    expect(await windows.read('a')).toEqual([sample]);
  });

  it('a link that is not known has an empty window', async () => {
    expect(await (await open()).read('nobody')).toEqual([]);
  });

  it('a window is ordered, bounded, and without duplicates', async () => {
    const windows = await open();
    await windows.append(samplesAt('a', [0, 1, 2, 3, 5, 4, 6, 7]));
    const outcome = await windows.append(samplesAt('a', [7, 8, 9, 10, 11, -20]));
    expect(outcome).toEqual({ accepted: 4, duplicate: 1, late: 1, refused: 0 });
    expect(stepsOf(await windows.read('a'))).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('links are told apart and listed by name with their counters', async () => {
    const windows = await open();
    await windows.append([...samplesAt('b', [0]), ...samplesAt('a', [0, 1, 4, 4, -50])]);
    expect(await windows.links()).toEqual([
      {
        link: 'a',
        origin: 'push',
        newestUnixMs: start + 400,
        samples: 3,
        duplicate: 1,
        late: 1,
        gaps: 1,
        outOfOrder: 0,
        clockSteps: 0,
      },
      {
        link: 'b',
        origin: 'push',
        newestUnixMs: start,
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

function describeBounds(open: () => Promise<FeatureWindows>): void {
  it('a new link beyond the bound is refused and the others go on', async () => {
    const windows = await open();
    await windows.append(['a', 'b', 'c'].map((link) => sampleAt(link, 0)));
    const outcome = await windows.append([sampleAt('d', 0), sampleAt('a', 1)]);
    expect(outcome).toEqual({ accepted: 1, duplicate: 0, late: 0, refused: 1 });
    expect((await windows.links()).map(({ link }) => link)).toEqual(['a', 'b', 'c']);
  });

  it('a clock set back goes on with the new time', async () => {
    const windows = await open();
    await windows.append(samplesAt('a', [0, 1, 2]));
    const back = sampleAt('a', -36_000, { sequence: 1003 });
    expect((await windows.append([back])).accepted).toBe(1);
    expect(await windows.read('a')).toEqual([back]);
    expect(await windows.links()).toMatchObject([{ clockSteps: 1, late: 0 }]);
  });
}

function describeFollowing(open: () => Promise<FeatureWindows>): void {
  const follow = (windows: FeatureWindows, options: Partial<FollowOptions>) =>
    windows.follow({ backlog: true, signal: AbortSignal.timeout(20_000), ...options });

  it('a follower gets the backlog, then what is new, each sample once', async () => {
    const windows = await open();
    await windows.append(samplesAt('a', [0, 1, 2]));
    const read = collect(follow(windows, {}), 5);
    await windows.append(samplesAt('a', [2, 3, 4]));
    const { samples, lost } = await read;
    expect(stepsOf(samples)).toEqual([0, 1, 2, 3, 4]);
    expect(lost).toBe(0);
  });

  it('a follower of some links gets those alone, also when they come later', async () => {
    const windows = await open();
    await windows.append(samplesAt('a', [0]));
    const read = collect(follow(windows, { links: ['b'] }), 2);
    await windows.append([...samplesAt('a', [1]), ...samplesAt('b', [0]), ...samplesAt('b', [1])]);
    expect((await read).samples.map(({ link }) => link)).toEqual(['b', 'b']);
  });

  it('a follower sees a sample out of order when it arrives', async () => {
    const windows = await open();
    await windows.append(samplesAt('a', [0]));
    const batches = follow(windows, {})[Symbol.asyncIterator]();
    const nextSteps = async () => stepsOf((await batches.next()).value?.samples ?? []);
    expect(await nextSteps()).toEqual([0]);
    await windows.append(samplesAt('a', [2]));
    expect(await nextSteps()).toEqual([2]);
    await windows.append(samplesAt('a', [1]));
    expect(await nextSteps()).toEqual([1]);
    await batches.return?.();
  });

  it('an aborted follower ends without an error', async () => {
    const windows = await open();
    const controller = new AbortController();
    const read = collect(follow(windows, { signal: controller.signal }), 10);
    await windows.append(samplesAt('a', [0]));
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
