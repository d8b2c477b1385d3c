import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listNamespaces, QdiscTable } from '@levitate/kernel';
import { realKernelLab } from '@levitate/testing';
import { expect } from 'vitest';
import { createLab, type KernelLab, removeStaleLabs } from './lab.ts';
import type { LaneSpec } from './lab-layout.ts';
import { startTraffic } from './traffic.ts';

const { it } = realKernelLab;
const lane = (name: string, limitBytes: number): LaneSpec => ({
  name,
  drainBitsPerSecond: 1e8,
  limitBytes,
});
const steady = (packetsPerMs: number) => ({
  next: (steps: number) => new Uint16Array(steps).fill(packetsPerMs),
});
const folder = () => mkdtempSync(join(tmpdir(), 'lab-records-'));
const labNamespaces = (id: string) =>
  listNamespaces().filter((name) => name.startsWith(`lev-${id}-`));

async function withLab<T>(
  lanes: LaneSpec[],
  work: (lab: KernelLab, recordsDirectory: string) => Promise<T>,
): Promise<T> {
  const recordsDirectory = folder();
  const lab = await createLab({ id: `t${process.pid}`, lanes, recordsDirectory });
  try {
    return await work(lab, recordsDirectory);
  } finally {
    await lab.close();
  }
}

/** Root qdiscs of the bottlenecks by lane, once their queues are empty. */
async function settledCounters(
  lab: KernelLab,
): Promise<Map<string, { sent: number; dropped: number }>> {
  using table = QdiscTable.open({ netns: lab.layout.namespaces.router });
  const deadline = performance.now() + 10_000;
  for (;;) {
    const buckets = table.dump().filter((qdisc) => qdisc.kind === 'tbf');
    if (buckets.every((bucket) => bucket.backlogBytes === 0)) {
      return new Map(
        lab.links.map((link) => {
          const bucket = buckets.find((each) => each.interface === link.interface);
          return [link.link, { sent: bucket?.sentPackets ?? -1, dropped: bucket?.dropped ?? -1 }];
        }),
      );
    }
    if (performance.now() > deadline) throw new Error('the queues did not drain within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function sendFor(lab: KernelLab, options: { ms: number; packetsPerMs: number }) {
  const run = await startTraffic({
    lab,
    flows: [{ lanes: lab.links.map((link) => link.link), source: steady(options.packetsPerMs) }],
    probeIntervalMs: false,
  });
  const deadline = performance.now() + 10 * options.ms;
  while (run.report().steps < options.ms && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return run.stop();
}

it('at 150 Mbit/s a small queue drops and a big one holds everything', async () => {
  await withLab([lane('small', 60_000), lane('big', 30_000_000)], async (lab) => {
    const report = await sendFor(lab, { ms: 1_000, packetsPerMs: 13 });
    const counters = await settledCounters(lab);
    expect(report.refused).toBe(0);
    expect(counters.get('small')?.dropped).toBeGreaterThan(1_000);
    expect(counters.get('big')?.dropped).toBe(0);
  });
});

for (const [how, perMs] of [
  ['one by one', 7],
  ['as segmented datagrams', 60],
] as const) {
  it(`every packet sent ${how} is counted by the queue, as sent or as dropped`, async () => {
    await withLab([lane('a', 60_000), lane('b', 30_000_000)], async (lab) => {
      const report = await sendFor(lab, { ms: 300, packetsPerMs: perMs });
      const counters = await settledCounters(lab);
      for (const { name, packets } of report.lanes) {
        const { sent, dropped } = counters.get(name) ?? { sent: 0, dropped: 0 };
        expect(sent + dropped, name).toBe(packets);
        expect(packets).toBeGreaterThanOrEqual(300 * perMs);
      }
    });
  });
}

it('a packet counts 1,500 bytes in the queue', async () => {
  await withLab([lane('a', 30_000_000)], async (lab) => {
    await sendFor(lab, { ms: 100, packetsPerMs: 30 });
    await settledCounters(lab);
    using table = QdiscTable.open({ netns: lab.layout.namespaces.router });
    const bucket = table.dump().find((qdisc) => qdisc.kind === 'tbf');
    expect(bucket?.sentBytes).toBe((bucket?.sentPackets ?? 0) * 1_500);
  });
});

it('probes see the queue that packets fill, and the background keeps its limit', async () => {
  await withLab([lane('full', 500_000), lane('empty', 500_000)], async (lab) => {
    const delays: { lane: number; delayMs: number }[] = [];
    const run = await startTraffic({
      lab,
      flows: [{ lanes: ['full'], source: steady(9) }],
      backgroundBitsPerSecond: 1e7,
      onDelays: (batch) => {
        batch.lane.forEach((index, i) => {
          delays.push({ lane: index, delayMs: batch.delayMs[i] ?? 0 });
        });
      },
    });
    const deadline = performance.now() + 20_000;
    while (run.report().steps < 1_500 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const report = await run.stop();
    const worst = (lane: number) =>
      Math.max(...delays.filter((d) => d.lane === lane).map((d) => d.delayMs));
    // 500,000 bytes at 100 Mbit/s are 40 ms, and no delay through this queue can be longer but by
    // the waiting of a busy machine, which the other lane shows.
    expect(worst(0)).toBeGreaterThan(30);
    const quiet = report.lanes[1];
    expect(quiet?.backgroundDeliveredBytes).toBeGreaterThan(100_000);
    expect(quiet?.backgroundAcceptedBytes).toBeLessThan(1.1 * 1_250 * report.steps);
  });
});

it('nothing is left after close, not even while traffic runs', async () => {
  const id = `t${process.pid}`;
  const directory = await withLab([lane('a', 60_000)], async (lab, recordsDirectory) => {
    expect(labNamespaces(id)).toHaveLength(3);
    const run = await startTraffic({ lab, flows: [{ lanes: ['a'], source: steady(1) }] });
    await lab.close();
    await run.stop();
    return recordsDirectory;
  });
  expect(labNamespaces(id)).toEqual([]);
  expect(readdirSync(directory)).toEqual([]);
});

it('the lab of a killed owner is removed by the next start, a living one stays', async () => {
  await withLab([lane('a', 60_000)], async (living, recordsDirectory) => {
    const id = `dead${process.pid}`;
    const owner = fork(join(import.meta.dirname, '../testdata/owner.ts'), [id, recordsDirectory], {
      execArgv: [],
    });
    await once(owner, 'message');
    expect(labNamespaces(id)).toHaveLength(3);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(await removeStaleLabs({ recordsDirectory })).toEqual([id]);
    expect(labNamespaces(id)).toEqual([]);
    expect(existsSync(living.links[0]?.netns ?? '')).toBe(true);
  });
});

it('an id in use by a living owner is refused and its lab left alone', async () => {
  await withLab([lane('a', 60_000)], async (lab, recordsDirectory) => {
    const again = createLab({ id: lab.layout.id, lanes: [lane('a', 60_000)], recordsDirectory });
    await expect(again).rejects.toMatchObject({ code: 'lab-exists' });
    expect(labNamespaces(lab.layout.id)).toHaveLength(3);
  });
});

it('a lab that cannot be built to its end leaves nothing behind', async () => {
  const recordsDirectory = folder();
  const id = `half${process.pid}`;
  const tools = folder();
  writeFileSync(join(tools, 'tc'), '#!/bin/sh\necho no bucket today >&2\nexit 2\n', {
    mode: 0o755,
  });
  const path = process.env.PATH;
  process.env.PATH = `${tools}:${path}`;
  try {
    const attempt = createLab({ id, lanes: [lane('a', 60_000)], recordsDirectory });
    await expect(attempt).rejects.toThrow(/ended with 2: no bucket today/);
  } finally {
    process.env.PATH = path;
  }
  expect(labNamespaces(id)).toEqual([]);
  expect(readdirSync(recordsDirectory)).toEqual([]);
});

it('a lane that is not in the lab is refused by name', async () => {
  await withLab([lane('a', 60_000)], async (lab) => {
    const flows = [{ lanes: ['b'], source: steady(1) }];
    await expect(startTraffic({ lab, flows })).rejects.toThrow(/lane "b" is not in the lab/);
  });
});
