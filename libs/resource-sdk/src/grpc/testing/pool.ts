import { VirtualClock } from '@levitate/clock';
import type { ResourceMeasurement } from '@levitate/control';
import type { Delay } from '../../deadline.ts';
import type { ManagedResource } from '../../managed-resource.ts';
import { type OriginalStore, OriginalsInMemory } from '../../original-store.ts';
import { type LeaseRecords, LeasesInMemory } from '../lease-records.ts';
import { ResourceHost } from '../resource-host.ts';
import type { RestoreEvent } from '../served-original.ts';

/** A pool of workers that can be made to fail. */
export class Pool implements ManagedResource {
  readonly kind = 'thread-pool';
  readonly unit = 'threads';
  readonly min = 2;
  readonly max = 64;
  readonly name: string;
  size = 8;
  need = 0;
  instance: string | undefined;
  fault:
    | 'none'
    | 'measure throws'
    | 'measure hangs'
    | 'apply throws'
    | 'apply is ignored'
    | 'apply hangs' = 'none';
  readonly applied: number[] = [];
  readonly #hanging: (() => void)[] = [];

  constructor(name = 'workers') {
    this.name = name;
  }

  measure(): ResourceMeasurement | Promise<ResourceMeasurement> {
    if (this.fault === 'measure throws') throw new Error('the pool is gone');
    if (this.fault === 'measure hangs') return new Promise(() => {});
    const { size, need, instance } = this;
    this.need = 0;
    return { size, need, instance };
  }

  async apply(size: number): Promise<void> {
    if (this.fault === 'apply throws') throw new Error('refused');
    if (this.fault === 'apply hangs') {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#hanging.push(resolve);
      await promise;
    }
    this.applied.push(size);
    if (this.fault !== 'apply is ignored') this.size = size;
  }

  /** Lets come true what hangs. */
  unhang(): void {
    for (const resolve of this.#hanging.splice(0)) resolve();
  }

  /** Whoever asked for what hangs is gone, and that with it. */
  dropHanging(): void {
    this.#hanging.length = 0;
  }

  metrics() {
    return { idleWorkers: Math.max(0, this.size - this.need), broken: Number.NaN };
  }
}

/** A host of one pool on virtual time, and what it said. */
export async function hosted(
  options: { pool?: Pool; originals?: OriginalStore; leases?: LeaseRecords } = {},
) {
  const { pool = new Pool(), originals = new OriginalsInMemory() } = options;
  const leases = options.leases ?? new LeasesInMemory();
  const clock = new VirtualClock();
  // Time is up as soon as nothing else happens.
  const wait: Delay = (ms, signal) =>
    new Promise((resolve, reject) => {
      setImmediate(() => {
        if (signal?.aborted) return reject(signal.reason);
        clock.advance(ms);
        resolve();
      });
    });
  const events: RestoreEvent[] = [];
  const onRestore = (event: RestoreEvent) => events.push(event);
  const resources = [pool];
  const host = await ResourceHost.open({ resources, originals, leases, clock, wait, onRestore });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await host.tick();
  };
  const told = () =>
    events.map(
      ({ reason, size, error }) => `${error === undefined ? '' : 'not '}${reason} ${size}`,
    );
  return { host, served: host.one(pool.name), pool, pass, told, originals, leases, clock };
}
