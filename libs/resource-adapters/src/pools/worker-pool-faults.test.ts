import { VirtualClock } from '@levitate/clock';
import { Controller, type ControllerEvent, type ResourceMeasurement } from '@levitate/resource-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { WorkerPool } from './worker-pool.ts';
import { WorkerPoolResource } from './worker-pool-resource.ts';

type OddPool = WorkerPool<{ kind: string; value?: unknown }, unknown>;

const pools: OddPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

/** A pool of 2 workers, ruled in virtual time; `lie` replaces parts of what it measures. */
function ruled() {
  const module = new URL('./testdata/odd-task.mjs', import.meta.url);
  const pool: OddPool = new WorkerPool({ module, size: 2 });
  pools.push(pool);
  const honest = new WorkerPoolResource({ pool, min: 1, max: 8 });
  const lie: Partial<ResourceMeasurement> = {};
  const resource = {
    ...{ name: 'odd', unit: 'threads', min: 1, max: 8 },
    measure: () => ({ ...honest.measure(), ...lie }),
    apply: (size: number) => honest.apply(size),
  };
  const clock = new VirtualClock();
  const events: ControllerEvent[] = [];
  const onEvent = (event: ControllerEvent) => {
    events.push(event);
    if (event.kind === 'breaker-open')
      for (const key of Object.keys(lie)) Reflect.deleteProperty(lie, key);
  };
  const controller = new Controller({ resource, clock, onEvent });
  const tick = async () => {
    clock.advance(100);
    await controller.tick();
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      await tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const has = (kind: ControllerEvent['kind']) => events.some((event) => event.kind === kind);
  const reasons = () =>
    events.flatMap((event) => (event.kind === 'decision' ? event.decision.reasons : []));
  return { pool, controller, tick, until, has, reasons, lie };
}

const quietly = (work: Promise<unknown>) => void work.catch(() => {});

describe('a pool of workers under a controller, when things go wrong', () => {
  it('grows around tasks that hang, so that the others are done', async () => {
    const { pool, until, controller } = ruled();
    for (let count = 0; count < 2; count++) quietly(pool.run({ kind: 'hangs' }));
    let done = 0;
    for (let count = 0; count < 3; count++) {
      void pool.run({ kind: 'gives back' }).then(() => {
        done += 1;
      });
    }
    await until(() => done === 3);
    expect(pool.size).toBeGreaterThan(2);
    await controller.stop();
    expect(pool.size).toBe(2);
    // Who hangs is not interrupted: that is for the signal of the task.
    expect(pool.state.busy).toBe(2);
  });

  it('goes on while its workers crash', async () => {
    const { pool, until, has } = ruled();
    for (let count = 0; count < 4; count++) quietly(pool.run({ kind: 'exits' }));
    await until(() => pool.state.crashes === 4 && pool.state.starting === 0);
    expect(has('failed')).toBe(false);
    expect(pool.state.workers).toBe(pool.size);
    expect(await pool.run({ kind: 'gives back', value: 1 })).toBe(1);
  });

  it('leaves a size alone that was set by hand', async () => {
    const { pool, tick, reasons, has } = ruled();
    await tick();
    pool.resize(7);
    for (let count = 0; count < 10; count++) await tick();
    expect(reasons()).toContain('set-by-hand');
    expect(has('applied')).toBe(false);
    expect(pool.size).toBe(7);
  });

  it.each([
    ['no number', { need: Number.NaN }],
    ['a hundred times too much', { need: 801 }],
    ['no size', { size: 0 }],
  ])('stops and puts it back when measurements lie: %s', async (_, untrue) => {
    const { pool, until, reasons, has, lie } = ruled();
    for (let count = 0; count < 5; count++) quietly(pool.run({ kind: 'hangs' }));
    await until(() => pool.size > 2);
    Object.assign(lie, untrue);
    await until(() => has('breaker-open'));
    expect(reasons()).toContain('implausible');
    await until(() => has('restored'));
    expect(pool.size).toBe(2);
  });
});
