import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import { StateDirectory } from '@levitate/service-kit';
import { describe, expect, it } from 'vitest';
import { Controller, type ControllerEvent, type ControllerOptions } from './controller.ts';
import type { ManagedResource } from './managed-resource.ts';
import { type OriginalStore, OriginalsInMemory, OriginalsOnDisk } from './original-store.ts';

/** A pool of workers in this process; what it does when asked can be made to fail. */
class Pool implements ManagedResource {
  readonly name = 'workers';
  readonly unit = 'threads';
  readonly min = 2;
  readonly max = 64;
  size = 8;
  need = 0;
  fault: 'none' | 'measure throws' | 'measure hangs' | 'apply throws' | 'apply is ignored' = 'none';
  readonly applied: number[] = [];

  measure() {
    if (this.fault === 'measure throws') throw new Error('the pool is gone');
    if (this.fault === 'measure hangs') return new Promise<never>(() => {});
    return { size: this.size, need: this.need };
  }

  apply(size: number) {
    if (this.fault === 'apply throws') throw new Error('refused');
    this.applied.push(size);
    if (this.fault !== 'apply is ignored') this.size = size;
  }
}

function ruled(pool: Pool, options: Partial<ControllerOptions> = {}) {
  const clock = new VirtualClock();
  const events: ControllerEvent[] = [];
  const controller = new Controller({
    resource: pool,
    clock,
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
      async write(name, size) {
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
      const first = ruled(pool, { originals });
      await first.run(30);
      expect(pool.size).toBeGreaterThan(20);
      // The first controller is gone without a word; a second one finds the pool as it is.
      const second = ruled(pool, { originals });
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
    expect(await originals.read('workers')).toBe(8);
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
