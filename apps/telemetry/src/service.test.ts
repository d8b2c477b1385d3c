import type { telemetry } from '@levitate/contracts';
import { GrpcFeatureWindows, linkSeries } from '@levitate/feature-windows';
import { RpcError } from '@levitate/grpc-kit';
import { systemClock } from '@levitate/service-kit';
import { describe, expect, it } from 'vitest';
import { pushUnchecked } from './testing/push-unchecked.ts';
import { afterTest, metricOf, startForTest } from './testing/start-for-test.ts';

const now = Date.now();

function sample(link: string, step: number, over: telemetry.SampleInit = {}) {
  return {
    link,
    sequence: step + 1000,
    timeUnixMs: now + step * 100,
    intervalMs: 100,
    queueBytes: 0,
    origin: 'SAMPLE_ORIGIN_PUSH' as const,
    ...over,
  };
}

describe('telemetry over gRPC', () => {
  it('takes pushed samples and gives their window back, missing values missing', async () => {
    const { client } = await startForTest();
    const samples = [sample('a', 0), sample('a', 1, { queueBytes: 7 }), sample('a', 1)];
    expect(await client.pushSamples({ samples })).toEqual({
      ...{ accepted: 2, duplicate: 1, late: 0, refused: 0 },
    });
    const window = await client.getWindow({ link: 'a' });
    expect(window.samples).toEqual(samples.slice(0, 2));
    expect(window.samples[0]).not.toHaveProperty('throughputBytesPerSecond');
    expect(await client.getWindow({ link: 'b' })).toEqual({ samples: [] });
  });

  it('streams the backlog and what is new of the links asked for', async () => {
    const { client } = await startForTest();
    await client.pushSamples({ samples: [sample('a', 0), sample('b', 0)] });
    const steps: number[] = [];
    for await (const { samples } of client.streamSamples({ links: ['a'], backlog: true })) {
      for (const { timeUnixMs = 0 } of samples) steps.push((timeUnixMs - now) / 100);
      if (steps.length === 3) break;
      if (steps.length === 1) {
        await client.pushSamples({ samples: [sample('b', 1), sample('a', 1), sample('a', 2)] });
      }
    }
    expect(steps).toEqual([0, 1, 2]);
  });

  it('lists links with their counters and origin', async () => {
    const { client } = await startForTest();
    const samples = [
      sample('a', 0),
      sample('a', 5),
      sample('a', 5),
      sample('a', -700, { sequence: 1, origin: 'SAMPLE_ORIGIN_REPLAY' }),
    ];
    await client.pushSamples({ samples });
    expect((await client.listLinks({})).links).toEqual([
      {
        link: 'a',
        origin: 'SAMPLE_ORIGIN_PUSH',
        newestUnixMs: now + 500,
        samples: 2,
        duplicate: 1,
        late: 1,
        gaps: 1,
        outOfOrder: 0,
        clockSteps: 0,
      },
    ]);
  });

  it('refuses samples of more links than it may hold, and says what was taken', async () => {
    const { client, registry } = await startForTest({ limits: { links_max: 1 } });
    const samples = [sample('a', 0), sample('b', 0), sample('a', 0), sample('b', 1)];
    expect(await client.pushSamples({ samples })).toEqual({
      ...{ accepted: 1, duplicate: 1, late: 0, refused: 2 },
    });
    await expect(client.pushSamples({ samples: [sample('b', 2)] })).rejects.toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'TOO_MANY_LINKS',
      metadata: { accepted: '0', refused: '1' },
    });
    const refused = 'levitate_telemetry_samples_total{outcome="refused"}';
    expect(await metricOf(registry, refused)).toBe(3);
  });

  it('tells a reader that is too slow how many samples it lost', async () => {
    const { client, address } = await startForTest({ limits: { follower_samples_max: 1000 } });
    const windows = new GrpcFeatureWindows({ kind: linkSeries, address, clock: systemClock });
    afterTest(() => windows.close());
    const signal = AbortSignal.timeout(20_000);
    const batches = windows.follow({ backlog: true, signal })[Symbol.asyncIterator]();
    await client.pushSamples({ samples: [sample('a', 0)] });
    expect((await batches.next()).value?.samples).toHaveLength(1);
    // More than the connection's and the follower's buffers hold together.
    const pushes = 60;
    for (let push = 0; push < pushes; push += 1) {
      const samples = Array.from({ length: 1000 }, (_, n) => sample('a', push * 1000 + n + 1));
      await client.pushSamples({ samples });
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

describe('hostile input', () => {
  const badSamples: [string, telemetry.SampleInit, string][] = [
    ['not a number', { throughputBytesPerSecond: Number.NaN }, 'throughput_bytes_per_second'],
    ['infinite', { queueBytes: Number.POSITIVE_INFINITY }, 'queue_bytes'],
    ['negative', { packetsPerSecond: -1 }, 'packets_per_second'],
    ['without a time', { timeUnixMs: undefined }, 'time_unix_ms'],
    ['without a link', { link: '' }, 'link'],
    ['with an oversized name', { link: 'x'.repeat(129) }, 'link'],
    ['beyond any range', { throughputBytesPerSecond: 1e300 }, 'throughput_bytes_per_second'],
    ['of an unknown origin', { origin: 99 as never }, 'origin'],
  ];

  it.each(badSamples)('a sample %s is refused with its field', async (_name, over, field) => {
    const { address, client } = await startForTest();
    const samples = [sample('a', 0), sample('a', 1, over)];
    const violations = await pushUnchecked(address, 'PushSamples', { samples });
    expect(violations).toContain(`samples[1].${field}`);
    expect((await client.listLinks({})).links).toEqual([]);
  });

  it('a push of more than 1,000 samples is refused', async () => {
    const { address } = await startForTest();
    const samples = Array.from({ length: 1001 }, (_, step) => sample('a', step));
    expect(await pushUnchecked(address, 'PushSamples', { samples })).toContain('samples');
  });

  it('a message beyond 4 MiB is refused and the service goes on', async () => {
    const { address, client } = await startForTest();
    const samples = Array.from({ length: 50_000 }, (_, step) =>
      sample('y'.repeat(128), step, { throughputBytesPerSecond: 1 }),
    );
    await expect(pushUnchecked(address, 'PushSamples', { samples })).rejects.toMatchObject({
      code: 8,
    });
    expect(await client.pushSamples({ samples: [sample('a', 0)] })).toMatchObject({ accepted: 1 });
  });

  it('a window of no link is refused before it is sent', async () => {
    const { client } = await startForTest();
    const refusal = await client.getWindow({ link: '' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RpcError);
    expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'link' }] });
  });
});
