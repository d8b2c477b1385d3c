import { rm, writeFile } from 'node:fs/promises';
import { realRedis } from '@levitate/testing';
import { startRedis } from '@levitate/testing/redis';
import { expect, vi } from 'vitest';
import { sampleAt } from './conformance/conformance.ts';
import { linksUnderTest } from './conformance/series-under-test.ts';
import { openFollowedSource } from './open-followed-source.ts';
import { RedisFeatureWindows } from './redis-feature-windows.ts';
import { followedSource } from './windows-config.ts';

const { kind } = linksUnderTest;
const clock = { unixMs: () => Date.now(), monotonicMs: () => performance.now() };

realRedis.it('reads what stands under its prefix in a Redis that wants a password', async () => {
  const redis = await startRedis();
  const passwordFile = `${redis.url}.password`;
  await writeFile(passwordFile, 'secret\n');
  await redis.client().config('SET', 'requirepass', 'secret');
  const { url } = redis;
  const writer = await RedisFeatureWindows.open({
    kind,
    clock,
    url,
    keyPrefix: 'own',
    password: 'secret',
  });
  const states: boolean[] = [];
  const windows = await openFollowedSource({
    kind,
    config: followedSource.parse({
      source: 'redis',
      redis: { url, password_file: passwordFile, key_prefix: 'own' },
    }),
    address: '127.0.0.1:1',
    clock,
    onState: (isConnected) => states.push(isConnected),
  });
  try {
    const sample = sampleAt('a', 1);
    await writer.append([sample]);
    await vi.waitFor(async () => expect(await windows.read(sample.link)).toEqual([sample]), {
      timeout: 15_000,
      interval: 20,
    });
    await vi.waitFor(() => expect(states.at(-1)).toBe(true), { timeout: 15_000 });
  } finally {
    await Promise.all([writer.close(), windows.close()]);
    await rm(passwordFile);
    await redis.stop();
  }
});
