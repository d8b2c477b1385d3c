import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { simulatePlan } from '@levitate/queueing';
import { planTraffic } from '@levitate/traffic';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { captureUnits } from '../capture/capture-file.ts';
import { type PolicyName, simulatePolicy } from './simulate-policy.ts';
import { readArrivals, type TraceArrivals } from './trace-arrivals.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-simulate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const drainBytesPerSecond = 12_500_000;
const plan = planTraffic({
  ...{ kind: 'periodic', seed: 3, durationMs: 240_000, drainBytesPerSecond },
});

/** A capture as `levitate capture` writes it, of a queue that was left at 512 KB. */
async function capture(): Promise<string> {
  const origin = { source: 'a test', startedUnixMs: 0 };
  const lines: object[] = [
    { kind: 'levitate-capture', format: 1, series: 'link', units: captureUnits, origin },
  ];
  for (const { sample } of simulatePlan({ plan, limitBytes: 524_288, link: 'lane' })) {
    const { link: name, ...numbers } = sample;
    lines.push({ ...numbers, name });
  }
  const file = join(folder, 'lane.jsonl');
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

const played = (arrivals: TraceArrivals, policy: PolicyName) =>
  simulatePolicy({
    policy,
    arrivals,
    queue: {
      ...{ drainBytesPerSecond, limitBytes: 524_288, min: 524_288, max: 16_777_216 },
      ...{ latencyBudgetMs: 150, maxChangesPerMinute: 10 },
    },
  });

describe('levitate simulate', () => {
  it('plays a capture with the packets it tells of, and its own drain and limit', async () => {
    const arrivals = await readArrivals(await capture());
    expect(arrivals).toMatchObject({ name: 'lane', drainBytesPerSecond, limitBytes: 524_288 });
    expect(arrivals.packetsPerMs).toHaveLength(240_000);
    const { arrivedPackets, droppedPackets } = await played(arrivals, 'static');
    let measured = { arrived: 0, dropped: 0 };
    for (const { queue } of simulatePlan({ plan, limitBytes: 524_288 })) {
      const { arrivedPackets: arrived, droppedPackets: dropped } = queue.counters;
      measured = { arrived, dropped };
    }
    expect(arrivedPackets / measured.arrived).toBeCloseTo(1, 2);
    expect(droppedPackets / measured.dropped).toBeGreaterThan(0.5);
    expect(droppedPackets / measured.dropped).toBeLessThan(1.5);
  });

  it('shows that forecasts would have prevented what the law could not', async () => {
    const arrivals = await readArrivals(await capture());
    const fixed = await played(arrivals, 'static');
    const predictive = await played(arrivals, 'predictive');
    expect(fixed.announced).toBe(0);
    expect(predictive.announced).toBeGreaterThan(2);
    expect(predictive.droppedPackets).toBeLessThan(0.7 * fixed.droppedPackets);
    expect(predictive.meanLimitBytes).toBeLessThan(0.7 * 1_837_500);
  });

  it('reads packets by the millisecond, packed or not', async () => {
    const text = 't_ms,packets_1500B\n0,3\n2,65\n';
    await writeFile(join(folder, 'a.csv'), text);
    await writeFile(join(folder, 'b.csv.gz'), gzipSync(text));
    for (const name of ['a.csv', 'b.csv.gz']) {
      const { packetsPerMs } = await readArrivals(join(folder, name));
      expect([...packetsPerMs]).toEqual([3, 0, 65]);
    }
  });

  it.each([
    ['paths.jsonl', '{"kind":"levitate-capture","format":1,"series":"path"', /holds paths/],
    ['other.csv', 'a,b\n1,2\n', /line 1/],
    ['torn.jsonl', 'nonsense\nmore\n', /no JSON/],
  ])('says what is wrong with %s', async (name, text, why) => {
    const file = join(folder, name);
    const header = `${text},"units":{},"origin":{"source":"x","startedUnixMs":0}}\n`;
    await writeFile(file, name === 'paths.jsonl' ? header : text);
    await expect(readArrivals(file)).rejects.toThrow(why);
  });

  it('says that a file is not there', async () => {
    await expect(readArrivals(join(folder, 'none.csv'))).rejects.toThrow(/ENOENT/);
  });
});
