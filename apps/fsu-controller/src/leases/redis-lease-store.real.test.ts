import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OriginalsInMemory } from '@levitate/resource-sdk';
import { systemClock } from '@levitate/service-kit';
import { realRedis } from '@levitate/testing';
import { type RedisForTest, startRedis } from '@levitate/testing/redis';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { leaseStoreRules } from './conformance/lease-store-rules.ts';
import { leasesConfig } from './leases-config.ts';
import { openLeaseStore } from './open-lease-store.ts';
import { RedisLeaseStore } from './redis-lease-store.ts';
import { TargetLease } from './target-lease.ts';

const ttlMs = 1_000;
const wish = { target: 'pool', holder: 'a', ttlMs: 60_000 };
const poll = { timeout: 20_000, interval: 20 };

let redis: RedisForTest;
const stores: RedisLeaseStore[] = [];

/** A store that is connected; what was there before is gone unless kept. */
async function open({ keyPrefix = 'test', settleMs = 0 } = {}): Promise<RedisLeaseStore> {
  const store = new RedisLeaseStore({
    url: redis.url,
    keyPrefix,
    settleMs,
    commandTimeoutMs: ttlMs / 5,
  });
  stores.push(store);
  const { read } = store.originals('x', () => undefined);
  const untilMs = performance.now() + poll.timeout;
  for (;;) {
    const error = await read('x').catch((why: Error) => why);
    if (error === undefined) return store;
    if (performance.now() > untilMs) throw error;
    await delay(poll.interval);
  }
}

/** A controller's lease of one target, kept until the test has ended. */
function keep(store: RedisLeaseStore, holder: string) {
  const said: string[] = [];
  const options = { store, target: 'pool', holder, ttlMs, clock: systemClock };
  const lease = new TargetLease({ ...options, onLost: (why) => said.push(why) });
  const stopping = new AbortController();
  const running = lease.run(stopping.signal);
  onTestFinished(async () => {
    stopping.abort();
    await lease.giveUp();
    await running;
  });
  lease.want(true);
  return { lease, said };
}

const isHeld = (one: { lease: TargetLease }) =>
  expect.poll(() => one.lease.isHeld, poll).toBe(true);

realRedis.describe('leases in Redis', () => {
  let first: RedisLeaseStore;
  let second: RedisLeaseStore;
  beforeAll(async () => {
    redis = await startRedis();
    first = await open();
    second = await open();
  });
  afterAll(async () => {
    await redis.stop();
  });

  leaseStoreRules(() => ({ first, second, pass: (ms) => delay(ms) }));
});

realRedis.describe('leases in a Redis that fails', () => {
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await redis.stop();
  });

  realRedis.it('killed and empty again: the holder goes on, nobody else is let in', async () => {
    redis = await startRedis();
    const [mine, theirs] = [await open(), await open({ settleMs: 2_000 })];
    const a = keep(mine, 'a');
    await isHeld(a);
    await a.lease.originals.write('pool', { size: 20, snapshot: 'mode' });
    const { token } = a.lease;
    await redis.crash();
    const asked = await theirs.acquire({ ...wish, holder: 'b' });
    expect(asked).toMatchObject({
      kind: 'away',
      why: expect.stringMatching(/ECONN|ENOENT|closed/),
    });
    expect(a.lease.isHeld).toBe(true);
    await redis.start();
    const kinds = new Set<string>();
    for (let tries = 0; tries < 40; tries += 1) {
      kinds.add((await theirs.acquire({ ...wish, holder: 'b' })).kind);
      await delay(25);
    }
    expect(kinds.has('granted')).toBe(false);
    await expect
      .poll(() => theirs.acquire({ ...wish, holder: 'b' }), poll)
      .toMatchObject({
        kind: 'held',
        by: 'a',
      });
    expect(a.lease.token).toBe(token);
    expect(a.said).toEqual([]);
    // What the holder had noted is there for its successor.
    const noted = await theirs.originals('pool', () => undefined).read('pool');
    expect(noted).toEqual({ size: 20, snapshot: 'mode' });
  });

  it.each([
    ['kept', true],
    ['lost', false],
  ])('away for longer than a lease, what it had %s: nothing is changed', async (...of) => {
    const [, isAppendOnly] = of;
    redis = await startRedis({ isAppendOnly });
    const a = keep(await open(), 'a');
    await isHeld(a);
    await a.lease.originals.write('pool', { size: 20 });
    await redis.crash();
    await expect.poll(() => a.lease.isHeld, poll).toBe(false);
    expect(a.lease.why).toMatch(/^the lease store is away: /);
    const late = a.lease.originals.remove('pool');
    await expect(late).rejects.toMatchObject({ code: 'lease-lost' });
    await redis.start();
    await isHeld(a);
    expect(a.lease.token).toBe(2);
    expect(await a.lease.originals.read('pool')).toEqual({ size: 20 });
  });

  realRedis.it(
    'held up: every command ends in time, and it is learnt when it goes on',
    async () => {
      redis = await startRedis();
      const store = await open();
      await store.acquire(wish);
      redis.signal('SIGSTOP');
      const claim = { ...wish, token: 1 };
      // The first waits in vain for an answer, the others find no connection.
      const first = await store.renew(claim);
      expect(first).toEqual({ kind: 'away', why: 'Command timed out' });
      for (let tries = 0; tries < 5; tries += 1) {
        const next = await store.renew(claim);
        expect(next).toEqual({ kind: 'away', why: 'the connection was closed' });
      }
      redis.signal('SIGCONT');
      await expect.poll(() => store.renew(claim), poll).toEqual({ kind: 'ours' });
    },
  );

  realRedis.it('restarted with what it had: it may lack the newest, so it settles', async () => {
    redis = await startRedis({ isAppendOnly: true });
    const store = await open({ settleMs: 60_000 });
    expect(await store.acquire(wish)).toMatchObject({ kind: 'settling' });
    await redis.client().hset('test:run', 'since', 0);
    expect(await store.acquire(wish)).toMatchObject({ kind: 'granted' });
    await store.release({ ...wish, token: 1 });
    await redis.crash();
    await redis.start();
    await expect.poll(() => store.acquire(wish), poll).toMatchObject({ kind: 'settling' });
    const fenced = await store.acquire({ ...wish, tokenMin: 1 });
    expect(fenced).toEqual({ kind: 'granted', token: 2 });
  });

  realRedis.it('tokens go on from what a resource has seen, whatever Redis has lost', async () => {
    redis = await startRedis();
    const store = await open({ settleMs: 60_000 });
    const fenced = { ...wish, tokenMin: 41 };
    expect(await store.acquire(fenced)).toEqual({ kind: 'granted', token: 41 });
    await redis.client().flushall();
    expect(await store.acquire({ ...fenced, tokenMin: 42 })).toMatchObject({ token: 42 });
    await redis.client().flushall();
    const unfenced = await store.acquire(wish);
    expect(unfenced).toMatchObject({ kind: 'settling', remainingMs: expect.any(Number) });
  });

  realRedis.it('two controllers: one has it, the other says why not, and follows', async () => {
    redis = await startRedis();
    const a = keep(await open(), 'a');
    await isHeld(a);
    const b = keep(await open(), 'b');
    await expect.poll(() => b.lease.why, poll).toBe('held by a');
    expect(b.lease.held()).toBe('lease-not-held');
    await a.lease.giveUp();
    await isHeld(b);
    expect(b.lease.token).toBe(2);
    expect(a.lease.isHeld).toBe(false);
  });

  it.each([
    ['read-only', ['replicaof', '127.0.0.1', '1'], /READONLY/],
    ['out of memory', ['config', 'set', 'maxmemory', '1'], /OOM/],
  ])('%s: it is away, and says why', async (_, [command = '', ...words], why) => {
    redis = await startRedis();
    const store = await open();
    await redis.client().call(command, ...words);
    const outcome = await store.acquire(wish);
    expect(outcome).toMatchObject({ kind: 'away', why: expect.stringMatching(why) });
  });

  realRedis.it(
    'is opened as configured, and refused where a lease could outlive the rest',
    async () => {
      redis = await startRedis();
      const surroundings = { clock: systemClock, ttlMs: 5_000, originals: new OriginalsInMemory() };
      const config = (of: object) =>
        leasesConfig.parse({ store: 'redis', redis: { url: redis.url, ...of } });
      const store = await openLeaseStore(config({}), surroundings);
      onTestFinished(() => store.close());
      await expect
        .poll(() => store.acquire({ ...wish, tokenMin: 1 }), poll)
        .toMatchObject({ kind: 'granted' });
      const short = openLeaseStore(config({ settle_ms: 100 }), surroundings);
      await expect(short).rejects.toThrow(/settle_ms is 100, shorter than lease_ttl_ms, 5000/);
      const locked = openLeaseStore(config({ password_file: '/nonexistent' }), surroundings);
      await expect(locked).rejects.toThrow(/let leases\.redis\.password_file name a file/);
      await expect(locked).rejects.toMatchObject({ code: 'misconfigured' });
      expect(() => leasesConfig.parse({ store: 'file' })).toThrow(/must name a folder/);
      const directory = await mkdtemp(join(tmpdir(), 'levitate-leases-'));
      const files = await openLeaseStore(
        leasesConfig.parse({ store: 'file', directory }),
        surroundings,
      );
      await files.close();
      await rm(directory, { recursive: true });
    },
  );
});
