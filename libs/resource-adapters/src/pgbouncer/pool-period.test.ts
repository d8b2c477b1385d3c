import { describe, expect, it } from 'vitest';
import type { PoolRow } from './console-rows.ts';
import { PoolPeriod } from './pool-period.ts';

function pool(parts: Partial<PoolRow> = {}): PoolRow {
  const rest = { waiting: 0, inUse: 0, servers: 4, idle: 0, clients: 0, oldestWaitS: 0 };
  return { database: 'app', ...rest, ...parts };
}

describe('PoolPeriod', () => {
  it('keeps the peak of the looks, of the fullest pool of its database', () => {
    const period = new PoolPeriod('app');
    period.add([pool({ inUse: 3, waiting: 4, oldestWaitS: 0.2 })], false);
    period.add([pool({ inUse: 1 }), pool({ inUse: 2, oldestWaitS: 0.1 })], false);
    period.add([pool({ database: 'other', inUse: 90 })], false);
    expect(period.take()).toEqual({ need: 7, oldestWaitS: 0.2, isStalled: false });
    period.add([pool({ inUse: 1 })], false);
    expect(period.take()).toEqual({ need: 1, oldestWaitS: 0, isStalled: false });
  });

  it.each([
    ['the database is paused', pool({ waiting: 50, oldestWaitS: 9 }), true],
    ['no connection to the server is there', pool({ waiting: 50, servers: 0 }), false],
  ])('lets what was needed before stand while %s', (_, stalled, isPaused) => {
    const period = new PoolPeriod('app');
    period.add([pool({ inUse: 3, waiting: 2 })], false);
    period.take();
    period.add([stalled], isPaused);
    expect(period.take()).toEqual({ need: 5, oldestWaitS: 0, isStalled: true });
    expect(period.take().need).toBe(5);
    period.add([pool({ inUse: 1 })], false);
    expect(period.take()).toEqual({ need: 1, oldestWaitS: 0, isStalled: false });
  });

  it('needs nothing before anybody came', () => {
    const period = new PoolPeriod('app');
    period.add([], false);
    expect(period.take()).toEqual({ need: 0, oldestWaitS: 0, isStalled: false });
  });
});
