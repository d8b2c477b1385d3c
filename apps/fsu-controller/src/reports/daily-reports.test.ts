import { VirtualClock } from '@levitate/clock';
import type { fsuController } from '@levitate/contracts';
import { describe, expect, it } from 'vitest';
import { ruleOf, targetList } from '../target-config.ts';
import { AdvisedQueue } from './advised-queue.ts';
import { AdvisedResource } from './advised-resource.ts';
import { DailyReports } from './daily-reports.ts';

const config = { hour_utc: 6, days_kept: 2, tell_receivers: true };
/** 05:00 of a day that ends at 06:00. */
const beforeSixUnixMs = Date.UTC(2026, 10, 22, 5);
const hourMs = 3_600_000;
const [link, pool] = targetList.parse([
  { name: 'uplink' },
  { name: 'shop', resource: 'connection_pool', source: 'resource://h:1/shop', min: 1, max: 64 },
]) as [ReturnType<typeof targetList.parse>[0], ReturnType<typeof targetList.parse>[0]];

/** A state directory that holds one file in memory. */
function disk(text?: string) {
  let file = text;
  return {
    read: async () => (file === undefined ? undefined : Buffer.from(file)),
    writeDurably: async (_name: string, bytes: Uint8Array | string) => {
      file = String(bytes);
    },
  };
}

async function opened(parts: { directory?: ReturnType<typeof disk>; clock?: VirtualClock } = {}) {
  const { directory = disk(), clock = new VirtualClock(beforeSixUnixMs) } = parts;
  const told: fsuController.Report[] = [];
  const failures: unknown[] = [];
  const reports = await DailyReports.open({
    config,
    directory,
    clock,
    onReport: (report) => told.push(report),
    onFailure: (error) => failures.push(error),
  });
  const dayOf = () => reports.dayOf(link, 'bytes');
  return { reports, clock, told, failures, queue: new AdvisedQueue({ periodMs: 100, dayOf }) };
}

/** Periods of a queue of 1 MB for which 600 KB are recommended, dropping at its limit. */
function rule(on: { queue: AdvisedQueue; clock: VirtualClock }, periods: number, droppedBytes = 0) {
  for (let period = 0; period < periods; period += 1) {
    on.clock.advance(100);
    const sample = {
      link: 'uplink',
      timeUnixMs: on.clock.unixMs(),
      intervalMs: 100,
      throughputBytesPerSecond: 12_500_000,
      drainBytesPerSecond: 12_500_000,
      queueBytes: 0,
      queueHighWaterBytes: 1_000_000,
      limitBytes: 1_000_000,
      droppedBytes,
      origin: 'simulated' as const,
    };
    on.queue.take({
      nowMs: on.clock.monotonicMs(),
      samples: [sample],
      size: 1_000_000,
      recommended: 600_000,
      next: period === 0 ? 700_000 : 600_000,
    });
  }
}

describe('DailyReports', () => {
  it('tells each target once, when its day is over', async () => {
    const on = await opened();
    rule(on, 600);
    on.reports.step();
    expect(on.told).toEqual([]);
    on.clock.advance(hourMs);
    on.reports.step();
    on.reports.step();
    expect(on.told).toHaveLength(1);
    const [report] = on.told;
    expect(report).toMatchObject({
      target: 'uplink',
      unit: 'bytes',
      endedUnixMs: beforeSixUnixMs + hourMs,
      running: false,
      seconds: expect.closeTo(60),
      meanSize: expect.closeTo(1_000_000),
      meanRecommendedSize: expect.closeTo(600_000),
      recommendedChanges: 1,
      largestRecommendedSize: 700_000,
    });
    expect(report?.text).toContain('586 KB on average instead of 977 KB');
  });

  it('shows the running day first, then those before it, as many as are kept', async () => {
    const on = await opened();
    for (let day = 0; day < 4; day += 1) {
      rule(on, 10);
      on.clock.advance(24 * hourMs);
      on.reports.step();
    }
    rule(on, 10);
    expect(on.told).toHaveLength(4);
    const days = on.reports.list('uplink');
    expect(days.map(({ running }) => running)).toEqual([true, false, false]);
    expect(on.reports.list('other')).toEqual([]);
  });

  it('goes on with the day after a restart, and reports one that ended meanwhile', async () => {
    const directory = disk();
    const before = await opened({ directory });
    rule(before, 600);
    await before.reports.run(AbortSignal.abort());
    const after = await opened({ directory, clock: before.clock });
    rule(after, 600);
    expect(after.reports.list('')[0]?.seconds).toBeCloseTo(119.9, 0);
    await after.reports.run(AbortSignal.abort());
    after.clock.advance(30 * hourMs);
    const late = await opened({ directory, clock: after.clock });
    late.reports.step();
    expect(late.told.map(({ endedUnixMs }) => endedUnixMs)).toEqual([beforeSixUnixMs + hourMs]);
  });

  it('does not end a day twice where the clock is set back over its end', async () => {
    const on = await opened();
    rule(on, 10);
    on.clock.advance(hourMs);
    on.reports.step();
    rule(on, 10);
    on.clock.step(-600_000);
    on.reports.step();
    on.clock.step(600_000);
    on.reports.step();
    expect(on.told).toHaveLength(1);
  });

  it('counts no time in which nothing was measured', async () => {
    const on = await opened();
    rule(on, 10);
    on.clock.advance(600_000);
    rule(on, 10);
    expect(on.reports.list('')[0]?.seconds).toBeCloseTo(2);
  });

  it('says what the recommended limit would have dropped more', async () => {
    const on = await opened();
    rule(on, 100, 1_000);
    const [report] = on.reports.list('uplink');
    expect(report?.measuredDroppedBytes).toBe(99_000);
    expect(report?.recommendedDroppedBytes).toBeGreaterThan(30_000_000);
    expect(report?.text).toMatch(/KB more would have been dropped \(estimate; /);
  });

  it('begins anew where what was kept cannot be read, and says so', async () => {
    for (const text of ['{', 'null', '{"version":2}']) {
      const on = await opened({ directory: disk(text) });
      expect(on.failures).toHaveLength(1);
      rule(on, 10);
      expect(on.reports.list('')).toHaveLength(1);
    }
  });

  it('writes again what could not be written', async () => {
    let isFull = true;
    const { read, writeDurably } = disk();
    const directory = {
      read,
      writeDurably: async (name: string, text: string | Uint8Array) => {
        if (isFull) throw new Error('disk full');
        await writeDurably(name, text);
      },
    };
    const on = await opened({ directory });
    rule(on, 10);
    await on.reports.run(AbortSignal.abort());
    expect(on.failures).toHaveLength(1);
    isFull = false;
    await on.reports.run(AbortSignal.abort());
    expect((await opened({ directory, clock: on.clock })).reports.list('')).toHaveLength(1);
  });
});

describe('AdvisedResource', () => {
  it('says for how long a pool was too small, and would have been', async () => {
    const { reports } = await opened();
    const resource = new AdvisedResource({
      settings: { ...ruleOf(pool), min: 1, max: 64, periodMs: 100 },
      dayOf: () => reports.dayOf(pool, 'connections'),
    });
    for (let tick = 1; tick <= 600; tick += 1) {
      resource.take({ nowMs: 100 * tick, measured: { size: 8, need: 20 } });
    }
    const [report] = reports.list('shop');
    expect(report?.shortSeconds).toBeCloseTo(60);
    expect(report?.recommendedShortSeconds).toBeLessThan(2);
    expect(report?.text).toMatch(/^In 1 min of recommend control would have made \d changes: /);
    expect(report?.text).toMatch(/; too small for \d s instead of 1 min \(estimate\)\.$/);
  });
});
