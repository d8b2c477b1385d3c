import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import type { ChangeBar } from '@levitate/control';
import { StateDirectory } from '@levitate/service-kit';
import { describe, expect, it } from 'vitest';
import { Controller, type ControllerEvent, type ControllerOptions } from './controller.ts';
import type { ManagedResource, NotedOriginal } from './managed-resource.ts';
import { type OriginalStore, OriginalsInMemory, OriginalsOnDisk } from './original-store.ts';

/** A pool of workers in this process; what it does when asked can be made to fail. */
class Pool implements ManagedResource {
  readonly name = 'workers';
  readonly unit = 'threads';
  readonly min = 2;
  readonly max = 64;
  size = 8;
  need = 0;
  run = 'first';
  fault: 'none' | 'measure throws' | 'measure hangs' | 'apply throws' | 'apply is ignored' = 'none';
  readonly applied: number[] = [];

  measure() {
    if (this.fault === 'measure throws') throw new Error('the pool is gone');
    if (this.fault === 'measure hangs') return new Promise<never>(() => {});
    return { size: this.size, need: this.need, instance: this.run };
  }

  apply(size: number) {
    if (this.fault === 'apply throws') throw new Error('refused');
    this.applied.push(size);
    if (this.fault !== 'apply is ignored') this.size = size;
  }
}

function ruled(pool: Pool, options: Partial<ControllerOptions> = {}) {
  const clock = new VirtualClock();
  // A few turns of the event loop stand for the time that is waited.
  const wait = async (_: number, signal?: AbortSignal) => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  };
  const events: ControllerEvent[] = [];
  const controller = new Controller({
    resource: pool,
    clock,
    wait,
    deadlineMs: 20,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const run = async (ticks: number) => {
    for (let tick = 0; tick < ticks; tick++) {
      clock.advance(100);
      await controller.tick();
    }
  };
  const kinds = () => events.map(({ kind }) => kind).filter((kind) => kind !== 'decision');
  return { controller, run, events, kinds };
}

describe('Controller', () => {
  it('measures, acts, reads back, and puts back what it found', async () => {
    const pool = new Pool();
    const { controller, run, kinds } = ruled(pool);
    pool.need = 24;
    await run(30);
    expect(pool.size).toBeGreaterThanOrEqual(28);
    expect(pool.size).toBeLessThanOrEqual(33);
    await controller.stop();
    expect(pool.size).toBe(8);
    expect(kinds().at(-1)).toBe('restored');
  });

  it('notes the original before the first change, and changes nothing if it cannot', async () => {
    const pool = new Pool();
    const order: string[] = [];
    const originals: OriginalStore = {
      read: async () => undefined,
      remove: async () => {},
      async write(name, { size }) {
        order.push(`${name} ${size} with ${pool.applied.length} changes`);
        throw new Error('the disk is full');
      },
    };
    pool.need = 24;
    const { run, kinds } = ruled(pool, { originals });
    await run(10);
    expect(order[0]).toBe('workers 8 with 0 changes');
    expect(pool.applied).toEqual([]);
    expect(kinds()).toContain('breaker-open');
  });

  it('restores after a crash what was noted then, not the size that was left behind', async () => {
    const path = await mkdtemp(join(tmpdir(), 'levitate-originals-'));
    const directory = await StateDirectory.open(path);
    try {
      const originals = new OriginalsOnDisk(directory);
      const pool = new Pool();
      pool.need = 24;
      const slow = { originals, deadlineMs: 5_000, wait: undefined };
      const first = ruled(pool, slow);
      await first.run(30);
      expect(pool.size).toBeGreaterThan(20);
      // The first controller is gone without a word; a second one finds the pool as it is.
      const second = ruled(pool, slow);
      await second.run(5);
      await second.controller.stop();
      expect(pool.size).toBe(8);
      expect(await originals.read('workers')).toBeUndefined();
    } finally {
      await directory.close();
      await rm(path, { recursive: true });
    }
  });

  it.each([
    ['measure throws', 'failed'],
    ['measure hangs', 'failed'],
    ['apply throws', 'failed'],
    ['apply is ignored', 'applied'],
  ] as const)('gives up and restores when %s again and again', async (fault, sign) => {
    const pool = new Pool();
    const { run, kinds } = ruled(pool);
    pool.need = 24;
    await run(10);
    expect(pool.size).toBeGreaterThan(8);
    pool.fault = fault;
    pool.need = 60;
    await run(fault === 'apply is ignored' ? 200 : 8);
    expect(kinds()).toContain(sign);
    expect(kinds()).toContain('breaker-open');
    const asked = pool.applied.length;
    await run(3);
    expect(pool.applied.length).toBe(asked);
  });

  it('keeps the original noted while it cannot be put back', async () => {
    const pool = new Pool();
    const originals = new OriginalsInMemory();
    const { controller, run, kinds } = ruled(pool, { originals });
    pool.need = 24;
    await run(10);
    pool.fault = 'apply throws';
    pool.need = 60;
    await run(10);
    expect(kinds()).toContain('breaker-open');
    expect(kinds()).not.toContain('restored');
    expect(await originals.read('workers')).toMatchObject({ size: 8 });
    pool.fault = 'none';
    await controller.stop();
    expect(pool.size).toBe(8);
  });

  it('asks for nothing in recommend, and says what it would', async () => {
    const pool = new Pool();
    pool.need = 24;
    const { controller, run, events } = ruled(pool, { mode: 'recommend' });
    await run(10);
    expect(pool.applied).toEqual([]);
    const [first] = events;
    expect(first?.kind === 'decision' && first.decision.wished).toBeGreaterThan(8);
    controller.setMode('enforce');
    await run(10);
    expect(pool.applied.length).toBeGreaterThan(0);
  });

  it('changes nothing once the time for noting the original is over', async () => {
    const pool = new Pool();
    let go = () => {};
    const originals = new OriginalsInMemory();
    const write = originals.write.bind(originals);
    originals.write = async (name, original) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      await write(name, original);
    };
    const { run, kinds } = ruled(pool, { originals });
    pool.need = 24;
    await run(1);
    expect(kinds()).toEqual(['failed']);
    go();
    await new Promise((resolve) => setImmediate(resolve));
    expect(pool.applied).toEqual([]);
  });

  it('changes nothing once the lease is gone in mid-action, and leaves it to others', async () => {
    const pool = new Pool();
    const originals = new OriginalsInMemory();
    let barred: ChangeBar | undefined;
    const write = originals.write.bind(originals);
    originals.write = async (name, original) => {
      await write(name, original);
      barred = 'lease-not-held';
    };
    const { controller, run, events } = ruled(pool, { originals, barred: () => barred });
    pool.need = 24;
    await run(5);
    expect(pool.applied).toEqual([]);
    const last = events.filter(({ kind }) => kind === 'decision').at(-1);
    expect(last?.kind === 'decision' && last.decision.reasons).toContain('lease-not-held');
    await controller.stop();
    expect(await originals.read('workers')).toMatchObject({ size: 8 });
  });

  it('owes nothing to a resource that it never changed, whoever has the lease', async () => {
    const originals = new OriginalsInMemory();
    let barred: ChangeBar | undefined;
    originals.read = async () => {
      barred = 'lease-not-held';
      return undefined;
    };
    const options = { mode: 'recommend', originals, barred: () => barred } as const;
    const { controller, run, kinds } = ruled(new Pool(), options);
    await run(1);
    expect(barred).toBe('lease-not-held');
    await controller.stop();
    expect(kinds()).toEqual([]);
  });

  it.each(['observe', 'recommend'] as const)(
    'puts the original back when told to %s',
    async (mode) => {
      const pool = new Pool();
      const { controller, run, kinds } = ruled(pool);
      pool.need = 24;
      await run(30);
      expect(pool.size).toBeGreaterThan(20);
      controller.setMode(mode);
      await run(1);
      expect(pool.size).toBe(8);
      expect(kinds().at(-1)).toBe('restored');
    },
  );

  it("goes on when told to enforce again: what it put back itself is nobody's hand", async () => {
    const pool = new Pool();
    const { controller, run } = ruled(pool);
    pool.need = 24;
    await run(30);
    controller.setMode('observe');
    await run(2);
    controller.setMode('enforce');
    await run(30);
    expect(pool.size).toBeGreaterThan(20);
  });

  it('puts back what a crashed run left although it is to change nothing itself', async () => {
    const pool = new Pool();
    pool.size = 40;
    const originals = new OriginalsInMemory();
    await originals.write('workers', { size: 8 });
    const { run } = ruled(pool, { originals, mode: 'observe' });
    await run(1);
    expect(pool.size).toBe(8);
    expect(await originals.read('workers')).toBeUndefined();
  });

  it('takes the size that a restarted resource comes up with for the new original', async () => {
    const pool = new Pool();
    pool.need = 24;
    const { controller, run, kinds } = ruled(pool);
    await run(30);
    pool.run = 'second';
    pool.size = 12;
    await run(30);
    expect(kinds()).toContain('restarted');
    expect(pool.size).toBeGreaterThan(20);
    await controller.stop();
    expect(pool.size).toBe(12);
  });

  it('keeps the original of a resource that kept its size through a restart', async () => {
    const pool = new Pool();
    pool.need = 24;
    const { controller, run, kinds } = ruled(pool);
    await run(30);
    pool.run = 'second';
    await run(5);
    expect(kinds()).not.toContain('restarted');
    await controller.stop();
    expect(pool.size).toBe(8);
  });

  it('notes what else stood there, and gives it back with the size', async () => {
    const pool = new Pool();
    let weights = 'a=1 b=2';
    const resource: ManagedResource = Object.assign(pool, {
      snapshot: () => weights,
      restore({ size, snapshot }: NotedOriginal) {
        pool.size = size;
        weights = snapshot ?? '';
      },
    });
    const { controller, run } = ruled(pool, { resource });
    pool.need = 24;
    await run(2);
    weights = 'a=9 b=9';
    await controller.stop();
    expect([pool.size, weights]).toEqual([8, 'a=1 b=2']);
  });

  it('takes what a resource can still be put back to, and says so', async () => {
    const pool = new Pool();
    pool.size = 16;
    const resource: ManagedResource = Object.assign(pool, {
      // Started again meanwhile, with room for no more.
      restore({ size }: NotedOriginal) {
        pool.size = Math.min(size, 12);
        return pool.size;
      },
    });
    const { controller, run, events } = ruled(pool, { resource });
    pool.need = 24;
    await run(5);
    await controller.stop();
    expect(events.at(-1)).toEqual({ kind: 'restored', size: 12, original: 16 });
    expect(await controller.recall()).toBeUndefined();
  });

  it('keeps an original that was put back in vain, and tries again', async () => {
    const pool = new Pool();
    const { controller, run, kinds } = ruled(pool);
    pool.need = 24;
    await run(30);
    pool.fault = 'apply is ignored';
    controller.setMode('observe');
    await run(3);
    expect(kinds().filter((kind) => kind === 'failed')).toHaveLength(1);
    pool.fault = 'none';
    await run(60);
    expect(pool.size).toBe(8);
    expect(kinds().at(-1)).toBe('restored');
  });

  it('runs by its own timer, and never twice at once', async () => {
    const pool = new Pool();
    let inside = 0;
    let most = 0;
    let asked = 0;
    const resource: ManagedResource = Object.assign(Object.create(pool) as Pool, {
      async measure() {
        asked += 1;
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        return { size: 8, need: 1 };
      },
    });
    const controller = new Controller({ resource, periodMs: 1 }).start();
    while (asked < 5) await new Promise((resolve) => setImmediate(resolve));
    await controller.stop();
    expect(most).toBe(1);
  });
});
