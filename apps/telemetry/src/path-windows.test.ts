import type { telemetry } from '@levitate/contracts';
import { GrpcFeatureWindows, pathSeries } from '@levitate/feature-windows';
import { systemClock } from '@levitate/service-kit';
import { describe, expect, it } from 'vitest';
import { pushUnchecked } from './testing/push-unchecked.ts';
import { afterTest, metricOf, startForTest } from './testing/start-for-test.ts';

const now = Date.now();

function sample(path: string, step: number, over: telemetry.PathSampleInit = {}) {
  return {
    path,
    sequence: step + 1000,
    timeUnixMs: now + step * 1000,
    intervalMs: 1000,
    bandwidthBytesPerSecond: 1e6,
    origin: 'SAMPLE_ORIGIN_PUSH' as const,
    ...over,
  };
}

describe('paths over gRPC', () => {
  it('takes a pushed batch and gives its window back, missing values missing', async () => {
    const { client } = await startForTest();
    const samples = [sample('a>b', 0), sample('a>b', 1, { lossRatio: 0 }), sample('a>b', 1)];
    expect(await client.pushPathSamples({ samples })).toEqual({
      accepted: 2,
      duplicate: 1,
      late: 0,
      refused: 0,
    });
    const window = await client.getPathWindow({ path: 'a>b' });
    expect(window.samples).toEqual(samples.slice(0, 2));
    expect(window.samples[0]).not.toHaveProperty('roundTripSeconds');
    expect(await client.getPathWindow({ path: 'b>a' })).toEqual({ samples: [] });
  });

  it('a window is 300 s at 1 Hz unless it is configured, and a path is no link', async () => {
    const { client } = await startForTest();
    const samples = Array.from({ length: 400 }, (_, step) => sample('a>b', step));
    await client.pushPathSamples({ samples });
    const window = await client.getPathWindow({ path: 'a>b' });
    expect(window.samples).toEqual(samples.slice(100));
    expect((await client.listLinks({})).links).toEqual([]);
    const paths = { span_ms: 150_000, samples_max: 120 };
    const other = await startForTest({ windows: { paths } });
    await other.client.pushPathSamples({ samples });
    expect((await other.client.getPathWindow({ path: 'a>b' })).samples).toHaveLength(120);
  });

  it('streams the backlog and what is new of the paths asked for', async () => {
    const { client } = await startForTest();
    await client.pushPathSamples({ samples: [sample('a', 0), sample('b', 0)] });
    const steps: number[] = [];
    for await (const { samples } of client.streamPathSamples({ paths: ['a'], backlog: true })) {
      for (const { timeUnixMs = 0 } of samples) steps.push((timeUnixMs - now) / 1000);
      if (steps.length === 3) break;
      if (steps.length === 1) {
        await client.pushPathSamples({ samples: [sample('b', 1), sample('a', 1), sample('a', 2)] });
      }
    }
    expect(steps).toEqual([0, 1, 2]);
  });

  it('lists paths with their counters and origin', async () => {
    const { client } = await startForTest();
    const back = sample('a', -40_000, { sequence: 1 });
    const samples = [sample('a', 0), sample('a', 4), sample('a', 2), sample('a', 4), back];
    const replayed = sample('b', 0, { origin: 'SAMPLE_ORIGIN_REPLAY' });
    await client.pushPathSamples({ samples: [...samples, replayed] });
    const fresh = { duplicate: 0, late: 0, gaps: 0, outOfOrder: 0, clockSteps: 0 };
    expect((await client.listPaths({})).paths).toEqual([
      {
        path: 'a',
        origin: 'SAMPLE_ORIGIN_PUSH',
        newestUnixMs: now + 4000,
        samples: 3,
        duplicate: 1,
        late: 1,
        gaps: 1,
        outOfOrder: 1,
        clockSteps: 0,
      },
      { path: 'b', origin: 'SAMPLE_ORIGIN_REPLAY', newestUnixMs: now, samples: 1, ...fresh },
    ]);
  });

  it('answers how many samples of more paths than it may hold it refused', async () => {
    const { client, registry } = await startForTest({ limits: { paths_max: 1 } });
    const samples = [sample('a', 0), sample('b', 0), sample('a', 1)];
    const counts = { accepted: 2, duplicate: 0, late: 0, refused: 1 };
    expect(await client.pushPathSamples({ samples })).toEqual(counts);
    const refused = 'levitate_telemetry_path_samples_total{outcome="refused"}';
    expect(await metricOf(registry, refused)).toBe(1);
    expect((await client.listPaths({})).paths.map(({ path }) => path)).toEqual(['a']);
  });

  it('tells a reader that is too slow how many samples it lost', async () => {
    const { client, address } = await startForTest({ limits: { follower_samples_max: 1000 } });
    const windows = new GrpcFeatureWindows({ kind: pathSeries, address, clock: systemClock });
    afterTest(() => windows.close());
    const signal = AbortSignal.timeout(20_000);
    const batches = windows.follow({ backlog: true, signal })[Symbol.asyncIterator]();
    await client.pushPathSamples({ samples: [sample('a', 0)] });
    expect((await batches.next()).value?.samples).toHaveLength(1);
    // More than the connection's and the follower's buffers hold together.
    const pushes = 60;
    for (let push = 0; push < pushes; push += 1) {
      const samples = Array.from({ length: 1000 }, (_, n) => sample('a', push * 1000 + n + 1));
      await client.pushPathSamples({ samples });
    }
    let seen = 0;
    let lost = 0;
    while (seen + lost < pushes * 1000) {
      const { value } = await batches.next();
      seen += value?.samples.length ?? 0;
      lost += value?.lost ?? 0;
    }
    await batches.return?.();
    expect(seen + lost).toBe(pushes * 1000);
    expect(lost).toBeGreaterThan(0);
  });
});

describe('metrics of paths', () => {
  it('are the newest values and the counts, and a missing value has no line', async () => {
    const { client, registry } = await startForTest();
    await client.pushPathSamples({
      samples: [
        sample('a>b', 0, { lossRatio: 0.5, roundTripSeconds: 0.2 }),
        sample('a>b', 1, { lossRatio: 0, bandwidthBytesPerSecond: 2e6 }),
        sample('a>b', 1),
        sample('a>b', 4, { lossRatio: 0.25, bandwidthBytesPerSecond: 3e6 }),
      ],
    });
    const gauge = (name: string) => metricOf(registry, `${name}{path="a>b",origin="push"}`);
    const loss = () => gauge('levitate_path_loss_ratio');
    await expect.poll(loss, { timeout: 10_000 }).toBe(0.25);
    expect(await gauge('levitate_path_bandwidth_bytes_per_second')).toBe(3e6);
    expect(await gauge('levitate_path_round_trip_seconds')).toBeUndefined();
    expect(await gauge('levitate_path_newest_sample_timestamp_seconds')).toBe((now + 4000) / 1000);
    const count = (name: string) => metricOf(registry, `levitate_path_${name}{path="a>b"}`);
    expect(await count('samples_total')).toBe(3);
    expect(await count('duplicate_samples_total')).toBe(1);
    expect(await count('gaps_total')).toBe(1);
    expect(await metricOf(registry, 'levitate_telemetry_paths')).toBe(1);
    const accepted = 'levitate_telemetry_path_samples_total{outcome="accepted"}';
    expect(await metricOf(registry, accepted)).toBe(3);
  });

  it('are of as many paths as the limit says, and the others are counted', async () => {
    const { client, registry, warnings } = await startForTest({ limits: { metrics_paths_max: 2 } });
    await client.pushPathSamples({ samples: ['a', 'b', 'c'].map((path) => sample(path, 0)) });
    const left = () => metricOf(registry, 'levitate_telemetry_paths_not_exported');
    await expect.poll(left, { timeout: 10_000 }).toBe(1);
    const lines = (await registry.metrics()).match(/^levitate_path_bandwidth_bytes_per_second\{/gm);
    expect(lines).toHaveLength(2);
    expect(warnings.join()).toContain('metrics_paths_max');
  });
});

describe('hostile input', () => {
  const faults: [string, object, string][] = [
    ['without a path', { path: '' }, 'path'],
    ['with an oversized name', { path: 'x'.repeat(129) }, 'path'],
    ['with a name that moves a cursor', { path: 'a\u001b[2J' }, 'path'],
    ['without a time', { timeUnixMs: undefined }, 'time_unix_ms'],
    ['before 1970', { timeUnixMs: -1 }, 'time_unix_ms'],
    ['of no length', { intervalMs: 0 }, 'interval_ms'],
    ['with a bandwidth that is no number', { bandwidthBytesPerSecond: Number.NaN }, 'bandwidth'],
    ['with a bandwidth below zero', { bandwidthBytesPerSecond: -1 }, 'bandwidth'],
    ['beyond any bandwidth', { bandwidthBytesPerSecond: 1e300 }, 'bandwidth'],
    ['back before it left', { roundTripSeconds: -0.001 }, 'round_trip_seconds'],
    ['that never comes back', { roundTripSeconds: Number.POSITIVE_INFINITY }, 'round_trip_seconds'],
    ['that lost more than all', { lossRatio: 1.01 }, 'loss_ratio'],
    ['that lost less than nothing', { lossRatio: -0.01 }, 'loss_ratio'],
    ['of an unknown origin', { origin: 99 }, 'origin'],
  ];

  it.each(faults)('a path sample %s is refused with its field', async (_name, over, field) => {
    const { address, client } = await startForTest();
    const samples = [sample('a', 0), sample('a', 1, over)];
    expect(await pushUnchecked(address, 'PushPathSamples', { samples })).toContain(
      `samples[1].${field}`,
    );
    expect((await client.listPaths({})).paths).toEqual([]);
  });

  it('a push of none, or of more than 1,000 samples, is refused', async () => {
    const { address } = await startForTest();
    const samples = Array.from({ length: 1001 }, (_, step) => sample('a', step));
    expect(await pushUnchecked(address, 'PushPathSamples', { samples })).toContain('samples');
    expect(await pushUnchecked(address, 'PushPathSamples', { samples: [] })).toContain('samples');
  });

  it('a window of no path is refused before it is sent', async () => {
    const { client } = await startForTest();
    await expect(client.getPathWindow({ path: '' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field: 'path' }],
    });
  });
});
