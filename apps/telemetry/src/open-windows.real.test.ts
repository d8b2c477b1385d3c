import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realRedis } from '@levitate/testing';
import { expect, it } from 'vitest';
import { afterTest, metricOf, startForTest } from './testing/start-for-test.ts';

const sample = {
  link: 'a',
  timeUnixMs: Date.now(),
  queueBytes: 1,
  origin: 'SAMPLE_ORIGIN_PUSH' as const,
};

const pathSample = {
  path: 'a>b',
  timeUnixMs: Date.now(),
  bandwidthBytesPerSecond: 1e6,
  lossRatio: 0,
  origin: 'SAMPLE_ORIGIN_PUSH' as const,
};

async function startRedis(directory: string): Promise<() => Promise<void>> {
  const url = join(directory, 'redis.sock');
  const flags = ['--port', '0', '--unixsocket', url, '--save', '', '--dir', directory];
  const server = spawn(realRedis.path, flags, { stdio: 'ignore' });
  return async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  };
}

realRedis.it('telemetry keeps its windows in Redis, without it, and again with it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'levitate-redis-'));
  const url = join(directory, 'redis.sock');
  let stop = await startRedis(directory);
  afterTest(() => rm(directory, { recursive: true, force: true }));
  afterTest(() => stop());
  const settings = { windows: { store: 'redis', redis: { url } } };
  const { client, registry, warnings } = await startForTest(settings);
  const metric = (name: string) => metricOf(registry, `levitate_telemetry_redis_${name}`);
  await expect.poll(() => metric('connected'), { timeout: 15_000 }).toBe(1);
  expect(await client.pushSamples({ samples: [sample] })).toMatchObject({ accepted: 1 });

  await stop();
  await expect.poll(() => metric('connected'), { timeout: 15_000 }).toBe(0);
  expect(warnings.join()).toContain('DEGRADED');
  const later = { ...sample, timeUnixMs: sample.timeUnixMs + 100 };
  expect(await client.pushSamples({ samples: [later] })).toMatchObject({ accepted: 1 });
  expect((await client.getWindow({ link: 'a' })).samples).toHaveLength(2);
  expect(await metric('pending_samples')).toBe(1);

  stop = await startRedis(directory);
  await expect.poll(() => metric('pending_samples'), { timeout: 15_000 }).toBe(0);
  expect(await metric('lost_samples_total')).toBe(0);

  const second = await startForTest(settings);
  // What it had just been given before it was killed is given to it again.
  const held = async () => (await second.client.getWindow({ link: 'a' })).samples.length;
  await expect.poll(held, { timeout: 15_000 }).toBe(2);
});

realRedis.it(
  'windows of paths are in Redis too, with a bound and counts of their own',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'levitate-redis-'));
    const url = join(directory, 'redis.sock');
    let stop = await startRedis(directory);
    afterTest(() => rm(directory, { recursive: true, force: true }));
    afterTest(() => stop());
    const settings = { windows: { store: 'redis', redis: { url } } };
    const { client, registry } = await startForTest(settings);
    const ofPaths = (name: string) => metricOf(registry, `levitate_telemetry_redis_paths_${name}`);
    await expect.poll(() => ofPaths('connected'), { timeout: 15_000 }).toBe(1);
    const push = (offsetMs: number) => {
      const timeUnixMs = pathSample.timeUnixMs + offsetMs;
      return client.pushPathSamples({ samples: [{ ...pathSample, timeUnixMs }] });
    };
    expect(await push(0)).toEqual({ accepted: 1, duplicate: 0, late: 0, refused: 0 });
    const second = await startForTest(settings);
    const held = async () => (await second.client.getPathWindow({ path: 'a>b' })).samples;
    await expect.poll(held, { timeout: 15_000 }).toEqual([pathSample]);

    await stop();
    await expect.poll(() => ofPaths('connected'), { timeout: 15_000 }).toBe(0);
    expect(await push(1000)).toMatchObject({ accepted: 1 });
    expect((await client.getPathWindow({ path: 'a>b' })).samples).toHaveLength(2);
    expect(await ofPaths('pending_samples')).toBeGreaterThanOrEqual(1);
    expect(await metricOf(registry, 'levitate_telemetry_redis_pending_samples')).toBe(0);

    stop = await startRedis(directory);
    await expect.poll(() => ofPaths('pending_samples'), { timeout: 15_000 }).toBe(0);
    await expect.poll(async () => (await held()).length, { timeout: 15_000 }).toBe(2);
    expect(await ofPaths('lost_samples_total')).toBe(0);
  },
);

it('a password file that cannot be read ends the start with what to do', async () => {
  const redis = { url: 'redis://127.0.0.1:1', password_file: '/nonexistent/password' };
  const start = startForTest({ windows: { store: 'redis', redis } });
  await expect(start).rejects.toMatchObject({ code: 'password-unreadable' });
});
