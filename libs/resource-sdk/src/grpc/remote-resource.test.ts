import { VirtualClock } from '@levitate/clock';
import { afterEach, describe, expect, it } from 'vitest';
import { Controller, type ControllerEvent } from '../controller.ts';
import type { Delay } from '../deadline.ts';
import type { FencingTokens } from './remote-lease.ts';
import { RemoteResource } from './remote-resource.ts';
import { RemoteResources } from './remote-resources.ts';
import { type ServeResourcesOptions, serveResources } from './serve-resources.ts';
import { Pool } from './testing/pool.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Pools on a server with a real socket, and how to reach it. */
async function served(options: Partial<ServeResourcesOptions> = {}, pools = [new Pool()]) {
  const server = await serveResources({ listen: '127.0.0.1:0', resources: pools, ...options });
  ends.push(() => server.stop(0));
  const client = () => {
    const remote = new RemoteResources({ address: server.address, deadlineMs: 30_000 });
    ends.push(() => remote.close());
    return remote;
  };
  const [pool = new Pool()] = pools;
  return { server, client, pool };
}

/** A resource whose lease moves only when the test says so. */
async function opened(server: RemoteResources, holder: string, tokens?: FencingTokens) {
  const clock = new VirtualClock();
  const lost: string[] = [];
  const onLost = (why: string) => lost.push(why);
  const common = { server, name: 'workers', holder, tokens, clock, onLost, ttlMs: 60_000 };
  const resource = await RemoteResource.open({ ...common, wait: untilStopped });
  await expect.poll(() => resource.lease.why).not.toContain('not asked for');
  return { resource, clock, lost };
}

const untilStopped: Delay = (_ms, signal) =>
  new Promise((_, reject) => signal?.addEventListener('abort', reject, { once: true }));

const none = new AbortController().signal;

describe('RemoteResource', () => {
  it('is what the other side is, and is measured from there', async () => {
    const { client, pool } = await served();
    const { resource } = await opened(client(), 'first');
    expect(resource).toMatchObject({ name: 'workers', unit: 'threads', min: 2, max: 64 });
    pool.need = 24;
    expect(await resource.measure(none)).toMatchObject({ size: 8, need: 24 });
    // Numbers that are none do not travel.
    expect(resource.metrics()).toEqual({ idleWorkers: 8 });
  });

  it('is changed under its lease, restored on its word, and as it was when closed', async () => {
    const { client, pool } = await served();
    const remote = client();
    const { resource } = await opened(remote, 'first');
    expect(resource.held()).toBeUndefined();
    await resource.apply(20, none);
    expect(pool.size).toBe(20);
    expect(await resource.originals.read('workers')).toEqual({ size: 8 });
    const { kind, leaseHolder, size } = await remote.facts('workers');
    expect({ kind, leaseHolder, size }).toEqual({
      kind: 'RESOURCE_KIND_THREAD_POOL',
      leaseHolder: 'first',
      size: 8,
    });
    await resource.restore(undefined, none);
    expect(pool.size).toBe(8);
    await resource.apply(30, none);
    await resource.close();
    expect(pool.size).toBe(8);
    expect(resource.held()).toBe('lease-not-held');
    await expect(resource.apply(20, none)).rejects.toMatchObject({ reason: 'LEASE_NOT_HELD' });
  });

  it('says why a size is not taken', async () => {
    const { client, pool } = await served();
    const { resource } = await opened(client(), 'first');
    await expect(resource.apply(65, none)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'SIZE_OUT_OF_BOUNDS',
      message: 'must be from 2 to 64 threads of workers, was 65',
    });
    pool.fault = 'apply throws';
    await expect(resource.apply(20, none)).rejects.toMatchObject({
      reason: 'RESOURCE_FAILED',
      message: 'workers cannot be changed: refused',
    });
    pool.fault = 'none';
  });

  it('says why it cannot be put back', async () => {
    const { client, pool } = await served();
    const { resource } = await opened(client(), 'first');
    await resource.apply(20, none);
    pool.fault = 'apply throws';
    await expect(resource.restore(undefined, none)).rejects.toThrow('not back at 8');
    pool.fault = 'none';
  });

  it('never takes the lease from a holder that is alive', async () => {
    const { client, pool } = await served();
    const one = await opened(client(), 'first');
    const other = await opened(client(), 'second');
    expect(one.resource.held()).toBeUndefined();
    expect(other.resource.held()).toBe('lease-not-held');
    expect(other.lost).toEqual(['held by first']);
    await one.resource.close();
    await other.resource.lease.step();
    expect(other.resource.held()).toBeUndefined();
    await other.resource.apply(20, none);
    expect(pool.size).toBe(20);
  });

  it('takes it with the token of a store, and the one before is told when it acts', async () => {
    const { client, pool } = await served();
    const one = await opened(client(), 'first');
    const other = await opened(client(), 'second', async (seen) => seen + 10);
    expect(other.resource.held()).toBeUndefined();
    const stale = { reason: 'LEASE_STALE_TOKEN' };
    await expect(one.resource.apply(20, none)).rejects.toMatchObject(stale);
    expect(one.resource.held()).toBe('lease-not-held');
    expect(one.lost[0]).toContain('a higher fencing token was seen');
    expect(pool.applied).toEqual([]);
  });

  it('counts its lease as held for less than the server does, answered or not', async () => {
    const { client, server } = await served();
    const { resource, clock, lost } = await opened(client(), 'first');
    clock.advance(24_000);
    expect(await resource.lease.step()).toBe(24_000);
    await server.stop(0);
    clock.advance(24_000);
    // Not answered: it still counts, and is tried again soon.
    expect(await resource.lease.step()).toBe(6_000);
    expect(resource.held()).toBeUndefined();
    clock.advance(29_999);
    expect(resource.held()).toBeUndefined();
    clock.advance(1);
    expect(resource.held()).toBe('lease-not-held');
    await resource.lease.step();
    expect(lost[0]).toContain('UNAVAILABLE');
  });

  it('does not know what the server does not have', async () => {
    const { client } = await served();
    const asked = RemoteResource.open({ server: client(), name: 'other', holder: 'first' });
    await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND', reason: 'RESOURCE_UNKNOWN' });
  });

  it('is ruled by a controller as a resource of its own process is', async () => {
    const { client, pool } = await served();
    const { resource } = await opened(client(), 'first');
    const clock = new VirtualClock();
    const events: ControllerEvent[] = [];
    const { originals } = resource;
    const controller = new Controller({
      resource,
      originals,
      clock,
      barred: () => resource.held(),
      onEvent: (event) => events.push(event),
    });
    for (let tick = 0; tick < 30; tick++) {
      pool.need = 24;
      clock.advance(100);
      await controller.tick();
    }
    expect(pool.size).toBeGreaterThanOrEqual(28);
    expect(pool.size).toBeLessThanOrEqual(33);
    await controller.stop();
    expect(pool.size).toBe(8);
    expect(events.at(-1)).toEqual({ kind: 'restored', size: 8, original: 8 });
  });
});

describe('RemoteResources', () => {
  it('measures those of one turn in one call, each for itself', async () => {
    const pools = ['a', 'b', 'c'].map((name) => new Pool(name));
    const { client } = await served({}, pools);
    const [a, b] = pools;
    if (a !== undefined) a.need = 5;
    if (b !== undefined) b.fault = 'measure throws';
    const remote = client();
    const asked = ['a', 'b', 'c', 'd'].map((name) => remote.measure(name));
    const [inA, inB, inC, inD] = await Promise.allSettled(asked);
    expect(inA).toMatchObject({ value: { measured: { size: 8, need: 5 } } });
    expect(inB).toMatchObject({ reason: { message: 'b cannot be measured: the pool is gone' } });
    expect(inC).toMatchObject({ value: { measured: { size: 8, need: 0 } } });
    expect(inD).toMatchObject({ reason: { reason: 'RESOURCE_UNKNOWN' } });
  });

  it('tells everyone who waits that the server is away', async () => {
    const { client, server } = await served();
    const remote = client();
    await server.stop(0);
    const asked = [remote.measure('workers'), remote.measure('other')];
    for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
  });
});
