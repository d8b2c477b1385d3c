import { VirtualClock } from '@levitate/clock';
import { Controller } from '@levitate/resource-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { sleepingPool } from './lab/index.ts';
import { WorkerPoolResource } from './worker-pool-resource.ts';

const pools: ReturnType<typeof sleepingPool>[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function opened(size: number) {
  const pool = sleepingPool({ size, waitMsMax: 60_000 });
  pools.push(pool);
  return { pool, resource: new WorkerPoolResource({ pool, min: 1, max: 8 }) };
}

/** Tasks that would sleep for a minute; the pool is closed long before. */
function occupy(pool: ReturnType<typeof sleepingPool>, count: number): void {
  for (let index = 0; index < count; index++) pool.run(60_000).catch(() => {});
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe('WorkerPoolResource', () => {
  it('says its size, what was asked for at once, and how long the first one waits', async () => {
    const { pool, resource } = opened(2);
    occupy(pool, 5);
    await until(() => pool.state.busy === 2);
    expect(resource.measure()).toMatchObject({ size: 2, need: 5, rejected: 0 });
    const { delayS = 0 } = resource.measure();
    expect(delayS).toBeGreaterThan(0);
    expect(resource.metrics()).toMatchObject({ workers: 2, busy: 2, queued: 3, crashesTotal: 0 });
  });

  it('is ruled within its process: grown while tasks wait, and put back', async () => {
    const { pool, resource } = opened(2);
    const clock = new VirtualClock();
    const controller = new Controller({ resource, clock });
    occupy(pool, 5);
    for (let tick = 0; tick < 20; tick++) {
      clock.advance(100);
      await controller.tick();
    }
    // Five at once at a setpoint of 0.8 and a dead band of 0.05.
    expect(pool.size).toBeGreaterThanOrEqual(6);
    expect(pool.size).toBeLessThanOrEqual(7);
    await until(() => pool.state.busy === 5);
    await controller.stop();
    expect(pool.size).toBe(2);
    expect(pool.state.busy).toBe(5);
  });

  it('refuses bounds and sizes that are none', () => {
    const { pool, resource } = opened(1);
    expect(() => new WorkerPoolResource({ pool, min: 0, max: 8 })).toThrow('min is a whole number');
    expect(() => new WorkerPoolResource({ pool, min: 4, max: 2 })).toThrow('max is a whole number');
    expect(() => resource.apply(0)).toThrow('got 0');
    expect(() => resource.apply(2.5)).toThrow('got 2.5');
  });
});
