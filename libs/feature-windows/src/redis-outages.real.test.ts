import { setTimeout as delay } from 'node:timers/promises';
import { realRedis } from '@levitate/testing';
import { type RedisForTest, startRedis } from '@levitate/testing/redis';
import type { Redis } from 'ioredis';
import { it as plainIt, type TestContext } from 'vitest';
import { linksUnderTest } from './conformance/series-under-test.ts';
import { startSlowProxy } from './conformance/slow-proxy.ts';
import { RedisFeatureWindows, type RedisWindowsOptions } from './redis-feature-windows.ts';

/** What goes wrong with a Redis under load, and how it comes right again. */
interface Outage {
  what: string;
  isAppendOnly?: boolean;
  lastsMs: number;
  begin: (parts: OutageParts) => unknown;
  end: (parts: OutageParts) => unknown;
  /** What the writer says of it; none where it does not count as away. */
  why: RegExp | undefined;
  /** It takes what was on its way after all, which the writer, without an answer, gave up. */
  takesUnanswered?: boolean;
  /** What Redis had may be gone before it was read: it is counted, and no more is promised. */
  losesWhatItHad?: boolean;
}

interface OutageParts {
  redis: RedisForTest;
  admin: Redis;
  proxy: { delayMs: number };
}

const outages: Outage[] = [
  {
    what: 'killed for 5 s, what it held gone',
    lastsMs: 5000,
    begin: ({ redis }) => redis.crash(),
    end: ({ redis }) => redis.start(),
    why: /lost|closed|ECONN|ENOENT/,
  },
  {
    what: 'restarted with what it held',
    isAppendOnly: true,
    lastsMs: 500,
    begin: ({ redis }) => redis.crash(),
    end: ({ redis }) => redis.start(),
    why: /lost|closed|ECONN|ENOENT/,
  },
  {
    what: 'slowed to 2 s',
    lastsMs: 6000,
    begin: ({ proxy }) => {
      proxy.delayMs = 2000;
    },
    end: ({ proxy }) => {
      proxy.delayMs = 0;
    },
    why: undefined,
  },
  {
    what: 'without an answer for 8 s',
    lastsMs: 8000,
    begin: ({ redis }) => redis.signal('SIGSTOP'),
    end: ({ redis }) => redis.signal('SIGCONT'),
    why: /closed|lost|timed out/,
    takesUnanswered: true,
  },
  {
    what: 'flushed',
    lastsMs: 0,
    begin: ({ admin }) => admin.flushall(),
    end: () => {},
    why: undefined,
    losesWhatItHad: true,
  },
  {
    what: 'read-only, a replica now',
    lastsMs: 1500,
    begin: ({ admin }) => admin.replicaof('127.0.0.1', 1),
    end: ({ admin }) => admin.call('REPLICAOF', 'NO', 'ONE'),
    why: /READONLY/,
  },
  {
    what: 'without the replicas it wants',
    lastsMs: 1500,
    begin: ({ admin }) => admin.config('SET', 'min-replicas-to-write', 1),
    end: ({ admin }) => admin.config('SET', 'min-replicas-to-write', 0),
    why: /NOREPLICAS/,
  },
  {
    what: 'out of memory',
    lastsMs: 1500,
    begin: ({ admin }) => admin.config('SET', 'maxmemory', 1),
    end: ({ admin }) => admin.config('SET', 'maxmemory', 0),
    why: /OOM/,
  },
  {
    what: 'asking for a password that nobody was told',
    lastsMs: 1500,
    begin: async ({ admin }) => {
      await admin.config('SET', 'requirepass', 'secret');
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    },
    end: ({ admin }) => admin.config('SET', 'requirepass', ''),
    why: /NOAUTH/,
    // The connection is cut: what Redis took just before it did not answer any more.
    takesUnanswered: true,
  },
];

const clock = { unixMs: () => Date.now(), monotonicMs: () => performance.now() };
const poll = { timeout: 60_000, interval: 50 };
const links = Array.from({ length: 20 }, (_, index) => `link-${index}`);
const bounds = { spanMs: 600_000, samplesMax: 5000, seriesMax: 50, followerSamplesMax: 1_000_000 };

/** Windows that write 20 links at up to 50 Hz through the proxy, and others that read them. */
async function startUnderLoad(
  { expect, onTestFinished }: TestContext,
  { isAppendOnly = false }: Outage,
  pendingSamplesMax: number,
) {
  const redis = await startRedis({ isAppendOnly });
  onTestFinished(() => redis.stop());
  const proxy = await startSlowProxy(redis.url);
  onTestFinished(() => proxy.stop());
  const reasons: string[] = [];
  const open = async (over: Partial<RedisWindowsOptions> = {}) => {
    const { kind } = linksUnderTest;
    const windows = await RedisFeatureWindows.open({
      kind,
      clock,
      url: proxy.url,
      ...bounds,
      ...over,
    });
    onTestFinished(() => windows.close());
    return windows;
  };
  const reader = await open();
  const writer = await open({
    pendingSamplesMax,
    onConnection: (state) => !state.isConnected && reasons.push(String(state.error)),
  });
  const had = { received: 0, lost: 0 };
  const following = new AbortController();
  onTestFinished(() => following.abort());
  const read = async (): Promise<void> => {
    for await (const batch of reader.follow({ backlog: true, signal: following.signal })) {
      had.received += batch.samples.length;
      had.lost += batch.lost;
    }
  };
  void read();
  const load = { offered: 0, accepted: 0, pendingMax: 0 };
  let isOver = false;
  const write = async (): Promise<void> => {
    for (let step = 0; !isOver; step += 1) {
      load.offered += links.length;
      const samples = links.map((link) => linksUnderTest.at(link, step));
      load.accepted += (await writer.append(samples)).accepted;
      load.pendingMax = Math.max(load.pendingMax, writer.status.pendingSamples);
      await delay(20);
    }
  };
  const writing = write();
  const stopLoad = async (): Promise<void> => {
    isOver = true;
    await writing;
  };
  onTestFinished(stopLoad);
  const parts: OutageParts = { redis, admin: redis.client(), proxy };
  await expect.poll(() => had.received, poll).toBeGreaterThan(200);
  return { parts, writer, reader, reasons, had, load, stopLoad };
}

async function happen(test: TestContext, outage: Outage, pendingSamplesMax: number) {
  const { expect } = test;
  const under = await startUnderLoad(test, outage, pendingSamplesMax);
  const { parts, writer, had, load, stopLoad } = under;
  await outage.begin(parts);
  if (outage.why !== undefined) {
    await expect.poll(() => writer.status.isConnected, poll).toBe(false);
  }
  await delay(outage.lastsMs);
  await outage.end(parts);
  await expect.poll(() => writer.status, poll).toMatchObject({ isConnected: true });
  // Under the load that goes on, what waited is written and what is new is read.
  const { received } = had;
  await expect.poll(() => had.received, poll).toBeGreaterThan(received + 200);
  await stopLoad();
  await expect.poll(() => writer.status.pendingSamples, poll).toBe(0);
  expect(load.accepted).toBe(load.offered);
  // No sample is unaccounted for: the reader has it, or was told that it is gone.
  await expect.poll(() => had.received + had.lost, poll).toBe(load.offered);
  return under;
}

realRedis.describe('a Redis under load that is', () => {
  // Each has a Redis of its own, and mostly waits.
  const it = plainIt.concurrent;

  for (const outage of outages) {
    it(`${outage.what}: nothing that fits the bound is lost`, {
      timeout: 240_000,
    }, async (test) => {
      const { expect } = test;
      const { writer, reader, had, reasons, parts } = await happen(test, outage, 100_000);
      expect(writer.status.lostSamples).toBe(0);
      if (!outage.losesWhatItHad) expect(had.lost).toBe(0);
      if (outage.why === undefined) expect(reasons).toEqual([]);
      else expect(reasons.join('\n')).toMatch(outage.why);
      // Whoever comes now finds every link, and streams that are bounded and will expire.
      expect(await reader.summaries()).toHaveLength(links.length);
      const key = 'levitate:telemetry:v1:samples:link-7';
      expect(await parts.admin.pttl(key)).toBeGreaterThan(0);
      expect(await parts.admin.zcard('levitate:telemetry:v1:links')).toBe(links.length);
    });
  }

  for (const outage of outages.filter(({ why }) => why !== undefined)) {
    const pendingSamplesMax = 100;
    const what = `${outage.what}: beyond the bound the oldest are lost, counted by both sides`;
    it(what, { timeout: 240_000 }, async (test) => {
      const { expect } = test;
      const { writer, had, load } = await happen(test, outage, pendingSamplesMax);
      expect(load.pendingMax).toBe(pendingSamplesMax);
      expect(writer.status.lostSamples).toBeGreaterThan(0);
      const lostByWriter = writer.status.lostSamples;
      if (outage.takesUnanswered) expect(had.lost).toBeLessThanOrEqual(lostByWriter);
      else expect(had.lost).toBe(lostByWriter);
    });
  }
});
