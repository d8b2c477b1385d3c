import { VirtualClock } from '@levitate/clock';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Delay } from '../deadline.ts';
import { type OriginalStore, OriginalsInMemory } from '../original-store.ts';
import { type LeaseRecords, LeasesInMemory } from './lease-records.ts';
import { ResourceHost } from './resource-host.ts';
import { ResourceRefusal } from './resource-refusal.ts';
import { Pool } from './testing/pool.ts';

const own = 8;
const ttlMs = 1_000;
const holders = ['a', 'b', 'c'];

type Step =
  /** By the token that was granted last and so much more, of its holder or of another. */
  | { kind: 'acquire' | 'renew' | 'release'; more: number; isOther: boolean }
  | { kind: 'apply'; more: number; isOther: boolean; size: number }
  | { kind: 'restore' }
  | { kind: 'pass'; ms: number }
  | { kind: 'fault'; fault: Pool['fault'] }
  | { kind: 'disk'; isFull: boolean }
  /** The server dies before its so-manieth action from now, and another one starts. */
  | { kind: 'crash'; actions: number };

/** A pool and a disk that outlive servers, and the server that runs now. */
class World {
  readonly pool = new Pool();
  readonly clock = new VirtualClock();
  readonly originals = new OriginalsInMemory();
  readonly leases = new LeasesInMemory();
  isFull = false;
  /** Actions until the server dies. */
  left = Number.POSITIVE_INFINITY;
  /** Resolves when it does. */
  died = Promise.withResolvers<void>();
  generation = 0;
  /** Highest token that was granted. */
  granted = 0;
  host: ResourceHost | undefined;

  /** What a server does to the world: of a dead one nothing comes any more. */
  #action<T>(generation: number, act: () => Promise<T>): Promise<T> {
    if (generation !== this.generation) return new Promise(() => {});
    this.left -= 1;
    if (this.left >= 0) return act();
    this.generation += 1;
    this.pool.dropHanging();
    this.died.resolve();
    return new Promise(() => {});
  }

  async start(): Promise<void> {
    const { generation, clock, pool, originals, leases } = this;
    const act = <T>(does: () => Promise<T>) => this.#action(generation, does);
    const write = <T>(does: () => Promise<T>) =>
      act(async () => {
        if (this.isFull) throw new Error('the disk is full');
        return does();
      });
    const kept: OriginalStore = {
      read: (name) => act(() => originals.read(name)),
      write: (name, original) => write(() => originals.write(name, original)),
      remove: (name) => write(() => originals.remove(name)),
    };
    const granted: LeaseRecords = {
      read: (name) => act(() => leases.read(name)),
      write: (name, lease) => write(() => leases.write(name, lease)),
    };
    const wait: Delay = (ms, signal) =>
      new Promise((resolve, reject) => {
        setImmediate(() => {
          if (generation !== this.generation) return;
          if (signal?.aborted) return reject(signal.reason);
          clock.advance(ms);
          resolve();
        });
      });
    const resource = Object.assign(Object.create(pool) as Pool, {
      name: pool.name,
      measure: () => act(async () => pool.measure()),
      apply: (size: number) => act(() => pool.apply(size)),
    });
    const opened = ResourceHost.open({
      resources: [resource],
      originals: kept,
      leases: granted,
      clock,
      wait,
    });
    this.host = await Promise.race([opened, this.died.promise.then(() => undefined)]);
  }

  /** @returns whether it was done; undefined: the server died over it */
  async attempt(work: (host: ResourceHost) => unknown): Promise<boolean | undefined> {
    const { host } = this;
    if (host === undefined) return undefined;
    const done = (async () => work(host))().then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(ResourceRefusal);
        return false;
      },
    );
    return Promise.race([done, this.died.promise.then(() => undefined)]);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'pass':
        this.clock.advance(step.ms);
        await this.attempt((host) => host.tick());
        break;
      case 'fault':
        this.pool.fault = step.fault;
        break;
      case 'disk':
        this.isFull = step.isFull;
        break;
      case 'crash':
        this.left = step.actions;
        break;
      case 'restore':
        await this.attempt((host) => host.one('workers').restore());
        break;
      default:
        await this.#claim(step);
    }
    while (this.host === undefined || this.left < 0) {
      this.left = Number.POSITIVE_INFINITY;
      this.died = Promise.withResolvers();
      await this.start();
    }
  }

  async #claim(step: Extract<Step, { more: number }>): Promise<void> {
    const token = Math.max(1, this.granted + step.more);
    const holder = holders[(token + (step.isOther ? 1 : 0)) % holders.length] ?? '';
    const claim = { holder, token };
    const isDone = await this.attempt((host) => {
      const served = host.one('workers');
      if (step.kind === 'apply') return served.apply({ ...claim, size: step.size });
      if (step.kind === 'acquire') return served.acquire({ ...claim, ttlMs });
      if (step.kind === 'renew') return served.renew({ ...claim, ttlMs });
      return served.release(claim);
    });
    if (isDone) expect(token).toBeGreaterThanOrEqual(this.granted);
    if (isDone && step.kind === 'acquire') this.granted = token;
  }

  /** Nothing is changed of which it is not written down what it was. */
  async expectNoted(): Promise<void> {
    if (this.pool.size !== own) {
      expect(await this.originals.read('workers')).toEqual({ size: own });
    }
  }

  /** Once nobody has the lease and nothing is in the way, all is as it was. */
  async expectRestored(): Promise<void> {
    this.isFull = false;
    this.pool.fault = 'none';
    this.pool.unhang();
    this.left = Number.POSITIVE_INFINITY;
    for (let at = 0; at < 3; at++) await this.take({ kind: 'pass', ms: 2 * ttlMs });
    expect(this.pool.size).toBe(own);
    expect(await this.originals.read('workers')).toBeUndefined();
    expect(this.host?.one('workers').status.owedReason).toBe('');
  }
}

const claims = {
  more: fc.constantFrom(0, 0, 0, 0, 1, -1),
  isOther: fc.constantFrom(false, false, false, true),
};
const faults = [
  'none',
  'measure throws',
  'apply throws',
  'apply is ignored',
  'apply hangs',
] as const;
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('acquire' as const), ...claims }),
  fc.record({ kind: fc.constant('acquire' as const), ...claims }),
  fc.record({ kind: fc.constantFrom('renew' as const, 'release' as const), ...claims }),
  fc.record({
    kind: fc.constant('apply' as const),
    ...claims,
    size: fc.integer({ min: 2, max: 64 }),
  }),
  fc.record({
    kind: fc.constant('apply' as const),
    ...claims,
    size: fc.integer({ min: 2, max: 64 }),
  }),
  fc.record({ kind: fc.constant('restore' as const) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(100, 600, 1_100) }),
  fc.record({
    kind: fc.constant('fault' as const),
    fault: fc.constantFrom('none' as const, ...faults),
  }),
  fc.record({ kind: fc.constant('disk' as const), isFull: fc.boolean() }),
  fc.record({ kind: fc.constant('crash' as const), actions: fc.nat(6) }),
);

it('no sequence of claims, faults and crashes leaves behind what nobody can put back', async () => {
  let applied = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 20, maxLength: 60 }), async (sequence) => {
      const world = new World();
      await world.start();
      for (const step of sequence) {
        await world.take(step);
        await world.expectNoted();
      }
      applied += world.pool.applied.length;
      await world.expectRestored();
    }),
    { numRuns: 1_000 },
  );
  // It is about something: sizes were changed.
  expect(applied).toBeGreaterThan(1_000);
});
