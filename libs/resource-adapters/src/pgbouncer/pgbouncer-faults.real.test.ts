import { SeededRandom, VirtualClock } from '@levitate/clock';
import { drawArrivals } from '@levitate/queueing';
import {
  Controller,
  type ControllerEvent,
  type ManagedResource,
  type ResourceMeasurement,
} from '@levitate/resource-sdk';
import { realPgbouncer } from '@levitate/testing';
import { expect, it } from 'vitest';
import { playSleepLane } from './lab/index.ts';
import { pgbouncerStand } from './testing/pgbouncer-stand.ts';

/**
 * Ruled in virtual time: a tick is 100 ms to the law, however long the real system took.
 * @param options.onOpen called the moment the breaker opens
 * @param options.deadlineMs default long enough for a busy machine
 */
function ruled(
  resource: ManagedResource,
  options: { onOpen?: () => void; deadlineMs?: number } = {},
) {
  const { onOpen = () => {}, deadlineMs = 5_000 } = options;
  const clock = new VirtualClock();
  const events: ControllerEvent[] = [];
  const onEvent = (event: ControllerEvent) => {
    events.push(event);
    if (event.kind === 'breaker-open') onOpen();
  };
  const controller = new Controller({ resource, clock, deadlineMs, onEvent });
  /** @param everyMs longer than a period: as if nobody had ruled meanwhile */
  const tick = async (everyMs = 100) => {
    clock.advance(everyMs);
    await controller.tick();
  };
  const until = async (isSo: (events: ControllerEvent[]) => boolean, everyMs?: number) => {
    while (!isSo(events)) await tick(everyMs);
  };
  const has = (kind: ControllerEvent['kind']) => events.some((event) => event.kind === kind);
  const reasons = () =>
    events.flatMap((event) => (event.kind === 'decision' ? event.decision.reasons : []));
  return { controller, events, tick, until, has, reasons };
}

async function sizeOf(resource: ManagedResource): Promise<number> {
  return (await resource.measure(AbortSignal.timeout(10_000))).size;
}

realPgbouncer.describe('PgBouncer under a controller, when things go wrong', () => {
  const { start } = pgbouncerStand();

  /** Grown from 2 to hold the 8 connections that are asked for. */
  const grown = async (options: Parameters<typeof start>[0] & { deadlineMs?: number } = {}) => {
    const { deadlineMs } = options;
    const stand = await start(options);
    const { commit } = await stand.hold(8);
    const onOpen = () => stand.lab.process.signal('CONT');
    const rule = ruled(stand.pool, { onOpen, ...(deadlineMs !== undefined && { deadlineMs }) });
    await rule.until(() => stand.pool.metrics().serversInUse === 8);
    return { ...stand, ...rule, commit };
  };

  it('is grown under a real load by the clock of the machine, and put back', async () => {
    const { lab, pool } = await start();
    const applied: number[] = [];
    const onEvent = (event: ControllerEvent) => {
      if (event.kind === 'applied') applied.push(event.size);
    };
    const controller = new Controller({ resource: pool, onEvent }).start();
    const arrivals = drawArrivals([150, 150], new SeededRandom(7));
    const lane = await playSleepLane({ port: lab.port, arrivals, serviceMs: 40 });
    expect(lane.arrived).toBe(arrivals.atMs.length);
    expect(lane.served).toBeGreaterThan(0);
    expect(lane.changes).toBeGreaterThan(0);
    expect(lane.reserved).toBeGreaterThan(2);
    // Six at work on average.
    expect(Math.max(...applied)).toBeGreaterThanOrEqual(6);
    await controller.stop();
    expect(await sizeOf(pool)).toBe(2);
  });

  it('killed: control stops, and what comes up again has its own size', async () => {
    const { lab, pool, until, has, controller } = await grown();
    await lab.process.kill('KILL');
    await until(() => has('breaker-open'));
    await lab.restart({ default_pool_size: 5 });
    // The process that was changed is gone, and the change with it.
    await until(() => has('restarted'), 10_000);
    await controller.stop();
    expect(await sizeOf(pool)).toBe(5);
  });

  it('restarted with other settings: they are taken for what it is', async () => {
    const { lab, pool, until, has, controller } = await grown();
    await lab.restart({ default_pool_size: 30 });
    await until(() => has('restarted'));
    await controller.stop();
    expect(await sizeOf(pool)).toBe(30);
  });

  it('hung: control stops, and puts it back once it answers', async () => {
    const { lab, pool, until, has, events } = await grown({ deadlineMs: 500 });
    lab.process.signal('STOP');
    await until(() => has('breaker-open'));
    const why = events.filter((event) => event.kind === 'failed').map(({ error }) => `${error}`);
    expect(why.join()).toMatch(/no answer/);
    await until(() => has('restored'), 5_000);
    expect(await sizeOf(pool)).toBe(2);
  });

  it('paused: nothing is changed, and nothing counts as a failure', async () => {
    const settings = { query_wait_timeout: 60 };
    const { pool, say, connect, commit, tick, has } = await grown({ settings });
    const late = await connect(20);
    const before = await sizeOf(pool);
    // It waits until the transactions under way are at their end.
    const paused = say('PAUSE app');
    await commit();
    await paused;
    late.begin();
    for (let count = 0; count < 20; count++) await tick();
    expect(pool.metrics()).toMatchObject({ isStalled: 1, clientsWaiting: 20 });
    expect(await sizeOf(pool)).toBe(before);
    expect(has('failed')).toBe(false);
    await say('RESUME app');
  });

  it('set by hand: left alone, and not fought', async () => {
    const { pool, say, tick, reasons, controller, events } = await grown();
    await say('SET default_pool_size = 17');
    const before = events.length;
    for (let count = 0; count < 20; count++) await tick();
    expect(reasons()).toContain('set-by-hand');
    expect(events.slice(before).some(({ kind }) => kind === 'applied')).toBe(false);
    expect(await sizeOf(pool)).toBe(17);
    await controller.stop();
  });

  it('a pool size that the console cannot change: control stops, and says why', async () => {
    const databases = { own: 'pool_size=2' };
    const { resource, connect } = await start({ databases });
    const pool = resource({ database: 'own' });
    const { begin } = await connect(8, 'own');
    begin();
    const { until, has, events } = ruled(pool);
    await until(() => has('breaker-open'));
    const why = events.filter((event) => event.kind === 'failed').map(({ error }) => `${error}`);
    expect(why.join()).toContain('take pool_size from the line of own');
    expect(await sizeOf(pool)).toBe(2);
  });

  it.each([
    ['no number', { need: Number.NaN }],
    ['a hundred times too much', { need: 100 * 32 + 1 }],
    ['a size below zero', { size: -8 }],
  ])('measurements that lie (%s): control stops, and puts it back', async (_, lie) => {
    const stand = await start();
    await stand.hold(8);
    const { pool } = stand;
    let isLying = false;
    const measure = async (signal: AbortSignal): Promise<ResourceMeasurement> => {
      const measured = await pool.measure(signal);
      return isLying ? { ...measured, ...lie } : measured;
    };
    const { min, max, name, unit } = pool;
    const apply = pool.apply.bind(pool);
    const restore = pool.restore.bind(pool);
    const liar = { min, max, name, unit, measure, apply, restore };
    const onOpen = () => {
      isLying = false;
    };
    const { until, has, reasons } = ruled(liar, { onOpen });
    await until(() => has('applied'));
    isLying = true;
    await until(() => has('breaker-open'));
    expect(reasons()).toContain('implausible');
    await until(() => has('restored'), 5_000);
    expect(await sizeOf(pool)).toBe(2);
  });
});
