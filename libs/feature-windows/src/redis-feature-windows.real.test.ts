import { messages } from '@levitate/contracts';
import type { TimedSample } from '@levitate/series';
import { realRedis } from '@levitate/testing';
import { type RedisForTest, startRedis } from '@levitate/testing/redis';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { collect, describeFeatureWindows, sampleAt, samplesAt } from './conformance/conformance.ts';
import {
  linksUnderTest,
  pathsUnderTest,
  type SeriesUnderTest,
  stepsOf,
} from './conformance/series-under-test.ts';
import { RedisFeatureWindows, type RedisWindowsOptions } from './redis-feature-windows.ts';
import { sampleToProto } from './sample-proto.ts';

const clock = { unixMs: () => Date.now(), monotonicMs: () => performance.now() };
const poll = { timeout: 15_000 };

realRedis.describe('windows in Redis', () => {
  let redis: RedisForTest;
  let deployments = 0;
  const opened: RedisFeatureWindows[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  afterEach(async () => {
    for (const windows of opened.splice(0)) await windows.close();
  });

  /** Every test has windows of its own in the one Redis. */
  const newPrefix = (): string => `test:${++deployments}`;
  const openAt = async (
    keyPrefix: string,
    over: Partial<RedisWindowsOptions> = {},
  ): Promise<RedisFeatureWindows> => {
    const windows = await RedisFeatureWindows.open({
      kind: linksUnderTest.kind,
      clock,
      url: redis.url,
      keyPrefix,
      ...linksUnderTest.bounds,
      ...over,
    });
    opened.push(windows);
    return windows;
  };
  const stepsIn = async (windows: RedisFeatureWindows) => stepsOf(await windows.read('a'));

  const describeRedis = <S extends TimedSample>(series: SeriesUnderTest<S>) =>
    describeFeatureWindows('in Redis', series, async (bounds) => {
      const { kind } = series;
      const at = { url: redis.url, keyPrefix: newPrefix() };
      const windows = await RedisFeatureWindows.open({ kind, clock, ...at, ...bounds });
      return { windows, stop: async () => {} };
    });
  describeRedis(linksUnderTest);
  describeRedis(pathsUnderTest);

  it('one process reads what another appended, before and after it came', async () => {
    const prefix = newPrefix();
    const writer = await openAt(prefix);
    const sample = sampleAt('a', 0, { queueBytes: 0, origin: 'kernel' });
    await writer.append([sample]);
    const reader = await openAt(prefix);
    expect(await reader.read('a')).toEqual([sample]);
    const read = collect(reader.follow({ backlog: true, signal: AbortSignal.timeout(20_000) }), 4);
    await writer.append([...samplesAt('a', [1, 2]), ...samplesAt('b', [0])]);
    const { samples, lost } = await read;
    expect(samples.map(({ link }) => link).sort()).toEqual(['a', 'a', 'a', 'b']);
    expect(lost).toBe(0);
    expect(await reader.summaries()).toEqual(await writer.summaries());
  });

  it('a process that starts again has the windows it left', async () => {
    const prefix = newPrefix();
    const first = await openAt(prefix);
    await first.append(samplesAt('a', [0, 1, 2]));
    await first.close();
    const second = await openAt(prefix);
    expect(await stepsIn(second)).toEqual([0, 1, 2]);
    expect((await second.append(samplesAt('a', [2, 3]))).duplicate).toBe(1);
    expect(await stepsIn(second)).toEqual([0, 1, 2, 3]);
  });

  it('a writer whose clock is behind that of the one before loses nothing', async () => {
    const prefix = newPrefix();
    const reader = await openAt(prefix);
    const batches = reader.follow({ backlog: true, signal: AbortSignal.timeout(20_000) });
    const read = collect(batches, 5);
    const first = await openAt(prefix);
    await first.append(samplesAt('a', [0, 1]));
    await first.close();
    const behind = { ...clock, unixMs: () => 1_000_000 };
    const second = await openAt(prefix, { clock: behind });
    await second.append(samplesAt('a', [2, 3, 4]));
    const { samples, lost } = await read;
    expect(stepsOf(samples)).toEqual([0, 1, 2, 3, 4]);
    expect(lost).toBe(0);
    expect(second.status).toMatchObject({ pendingSamples: 0, lostSamples: 0 });
  });

  it('a wrong password is said, and the right one makes it well', async () => {
    const own = await startRedis();
    onTestFinished(() => own.stop());
    const admin = own.client();
    await admin.config('SET', 'requirepass', 'right');
    const reasons: string[] = [];
    const windows = await openAt(newPrefix(), {
      url: own.url,
      password: 'wrong',
      onConnection: (state) => !state.isConnected && reasons.push(String(state.error)),
    });
    await windows.append(samplesAt('a', [0]));
    await expect.poll(() => reasons.join(), poll).toMatch(/WRONGPASS|NOAUTH/);
    expect(windows.status).toMatchObject({ isConnected: false, pendingSamples: 1 });
    await admin.config('SET', 'requirepass', 'wrong');
    await expect
      .poll(() => windows.status, poll)
      .toMatchObject({ isConnected: true, pendingSamples: 0, lostSamples: 0 });
  });

  it('a stream is bounded, expires, and holds the versioned message', async () => {
    const prefix = newPrefix();
    const windows = await openAt(prefix);
    for (let start = 0; start < 2000; start += 100) {
      await windows.append(
        samplesAt(
          'a',
          Array.from({ length: 100 }, (_, n) => start + n),
        ),
      );
    }
    const client = redis.client();
    const key = `${prefix}:samples:a`;
    expect(await client.xlen(key)).toBeLessThan(300);
    expect(await client.pttl(key)).toBeGreaterThan(0);
    const [newest] = await client.xrevrange(key, '+', '-', 'COUNT', 1);
    expect(newest?.[1][0]).toBe('levitate.telemetry.v1.Sample');
    const [raw] = await client.xrevrangeBuffer(key, '+', '-', 'COUNT', 1);
    expect(messages.sample.decode(raw?.[1][1] as Buffer)).toEqual(
      sampleToProto(sampleAt('a', 1999)),
    );
  });

  it('what is no sample in a stream is counted and passed over', async () => {
    const prefix = newPrefix();
    const writer = await openAt(prefix);
    await writer.append(samplesAt('a', [0]));
    const client = redis.client();
    const key = `${prefix}:samples:a`;
    const bad = messages.sample.encode(sampleToProto(sampleAt('a', 1, { queueBytes: Number.NaN })));
    await client.xadd(key, '*', 'levitate.telemetry.v1.Sample', bad);
    await client.xadd(key, '*', 'levitate.telemetry.v1.Sample', Buffer.from([0xff, 0xff]));
    await client.xadd(key, '*', 'levitate.telemetry.v2.Sample', 'of a later release');
    const good = messages.sample.encode(sampleToProto(sampleAt('a', 2)));
    await client.xadd(key, '*', 'x', 'y', 'levitate.telemetry.v1.Sample', good);
    const reader = await openAt(prefix);
    expect(await stepsIn(reader)).toEqual([0, 2]);
    expect(reader.status.unreadableEntries).toBe(3);
  });

  it('a key that is not a stream costs its samples and nothing else', async () => {
    const prefix = newPrefix();
    const windows = await openAt(prefix);
    await redis.client().set(`${prefix}:samples:a`, 'something else');
    await windows.append([...samplesAt('a', [0]), ...samplesAt('b', [0])]);
    await expect.poll(() => windows.status.lostSamples, poll).toBe(1);
    expect(await redis.client().xlen(`${prefix}:samples:b`)).toBe(1);
  });

  describe('while Redis is away', () => {
    let own: RedisForTest;
    beforeAll(async () => {
      own = await startRedis();
    });
    afterAll(() => own.stop());
    afterEach(async () => {
      await own.crash();
      await own.start();
    });

    it('windows are answered from memory and written when it is back', async () => {
      const prefix = newPrefix();
      const writer = await openAt(prefix, { url: own.url });
      const reader = await openAt(prefix, { url: own.url });
      await writer.append(samplesAt('a', [0, 1]));
      await expect.poll(() => stepsIn(reader), poll).toEqual([0, 1]);
      await own.crash();
      await expect.poll(() => writer.status.isConnected, poll).toBe(false);
      expect((await writer.append(samplesAt('a', [2, 3]))).accepted).toBe(2);
      expect(await stepsIn(writer)).toEqual([0, 1, 2, 3]);
      expect(writer.status).toMatchObject({ pendingSamples: 2, lostSamples: 0 });
      await own.start();
      await expect.poll(() => stepsIn(reader), poll).toEqual([0, 1, 2, 3]);
      await expect.poll(() => writer.status.pendingSamples, poll).toBe(0);
    });

    it('samples wait up to the bound and those beyond it are counted', async () => {
      const prefix = newPrefix();
      const states: boolean[] = [];
      const writer = await openAt(prefix, {
        url: own.url,
        pendingSamplesMax: 5,
        onConnection: ({ isConnected }) => states.push(isConnected),
      });
      const reader = await openAt(prefix, { url: own.url });
      await writer.append(samplesAt('a', [0]));
      await expect.poll(() => stepsIn(reader), poll).toEqual([0]);
      const batches = reader.follow({ backlog: false, signal: AbortSignal.timeout(30_000) });
      await own.crash();
      await expect.poll(() => writer.status.isConnected, poll).toBe(false);
      await writer.append(samplesAt('a', [1, 2, 3, 4, 5, 6, 7, 8]));
      expect(writer.status).toMatchObject({ pendingSamples: 5, lostSamples: 3 });
      await own.start();
      const { samples, lost } = await collect(batches, 5);
      expect(stepsOf(samples)).toEqual([4, 5, 6, 7, 8]);
      expect(lost).toBe(3);
      expect(states[0]).toBe(true);
      expect(states).toContain(false);
      await expect.poll(() => states.at(-1), poll).toBe(true);
    });

    it('windows open without it, degraded, and join it when it comes', async () => {
      await own.crash();
      const prefix = newPrefix();
      const windows = await openAt(prefix, { url: own.url });
      await windows.append(samplesAt('a', [0]));
      expect(windows.status).toMatchObject({ isConnected: false, pendingSamples: 1 });
      await own.start();
      await expect
        .poll(() => windows.status, poll)
        .toMatchObject({
          isConnected: true,
          pendingSamples: 0,
        });
      expect(await own.client().xlen(`${prefix}:samples:a`)).toBe(1);
    });
  });
});
