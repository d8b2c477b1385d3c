import { expect, it } from 'vitest';
import { FakeOutput } from '../testing/fake-output.ts';
import { ScriptedServices } from '../testing/scripted-services.ts';
import { RecordQueue } from './record-queue.ts';
import { runTap } from './run-tap.ts';
import { tapFilter } from './tap-filter.ts';
import type { RecordKind } from './tap-record.ts';
import { openTapSources } from './tap-sources.ts';

/** A tap of these services, running. */
function tap(
  services: ScriptedServices,
  options: {
    kinds?: RecordKind[];
    format?: 'text' | 'jsonl';
    recordsMax?: number;
    timeOver?: AbortSignal;
    capacity?: number;
    filter?: { links?: string[]; targets?: string[]; reasons?: string[]; dropsMin?: number };
    output?: FakeOutput;
  } = {},
) {
  const output = options.output ?? new FakeOutput();
  const complaints: string[] = [];
  const interrupt = new AbortController();
  const queue = new RecordQueue(options.capacity ?? 10_000);
  const filter = { links: [], targets: [], reasons: [], ...options.filter };
  const { sources, close } = openTapSources({
    kinds: options.kinds ?? ['sample', 'decision'],
    addresses: services.addresses,
    tls: undefined,
    filter,
    passes: tapFilter(filter),
    queue,
  });
  const ended = runTap(
    {
      ...{ sources, queue },
      format: options.format ?? 'jsonl',
      recordsMax: options.recordsMax ?? Number.POSITIVE_INFINITY,
      timeOver: options.timeOver,
    },
    {
      stdout: output,
      complain: (line) => void complaints.push(line),
      signal: interrupt.signal,
    },
  ).finally(close);
  return { output, complaints, ended, interrupt, queue };
}

const sample = (link: string, sequence: number, droppedPackets = 0) => ({
  ...{ link, sequence, droppedPackets },
  timeUnixMs: Date.UTC(2026, 0, 1) + sequence * 100,
  intervalMs: 100,
  throughputBytesPerSecond: 4_000_000,
  queueHighWaterBytes: 60_000,
  origin: 'SAMPLE_ORIGIN_KERNEL' as const,
});

const tick = (id: number, reasons: string[]) => ({
  target: 'uplink',
  timeUnixMs: Date.UTC(2026, 0, 1),
  sample: sample('eth0', 1, 2),
  decision: {
    ...{ id, target: 'uplink', timeUnixMs: Date.UTC(2026, 0, 1), reasons },
    law: 'LAW_PREDICTIVE' as const,
    mode: 'MODE_ENFORCE' as const,
    ...{ beforeBytes: 1_000, wishedBytes: 2_000, allowedBytes: 2_000, afterBytes: 2_000 },
    ...{ applied: true, text: 'Raise.', utilisation: 0.5, sampleToChangeMs: 3 },
  },
});

it('samples and decisions come as lines whose fields are those of the README', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 1, 2)] });
  services.ticks.tell({ ticks: [tick(7, ['burst-expected'])] });
  const { output, ended } = tap(services, { recordsMax: 2 });
  expect(await ended).toBe(0);
  const records = output.lines.map((line) => JSON.parse(line));
  records.sort((left, right) => (left.kind < right.kind ? -1 : 1));
  expect(records).toEqual([
    {
      ...{ kind: 'decision', id: 7, target: 'uplink', link: 'eth0', timeUnixMs: 1_767_225_600_000 },
      ...{ law: 'predictive', mode: 'enforce', applied: true, reasons: ['burst-expected'] },
      ...{ beforeBytes: 1_000, wishedBytes: 2_000, allowedBytes: 2_000, afterBytes: 2_000 },
      ...{ text: 'Raise.', utilisation: 0.5, kp: 0, ki: 0, kd: 0, sampleToChangeMs: 3 },
      droppedPackets: 2,
    },
    {
      ...{ kind: 'sample', link: 'eth0', sequence: 1, timeUnixMs: 1_767_225_600_100 },
      ...{ intervalMs: 100, throughputBytesPerSecond: 4_000_000, queueHighWaterBytes: 60_000 },
      ...{ droppedPackets: 2, origin: 'kernel' },
    },
  ]);
});

it('microbursts come as they happen, and a link with them', async () => {
  await using services = await ScriptedServices.start();
  const microburst = {
    ...{ link: 'eth0', timeUnixMs: 1_767_225_600_000, durationUs: 812, packets: 96 },
    ...{ bytes: 144_384, goesOn: true },
  };
  services.microbursts.tell({ microbursts: [microburst], lost: 2 });
  const lines = tap(services, { kinds: ['event'], filter: { links: ['eth0'] }, recordsMax: 1 });
  expect(await lines.ended).toBe(0);
  expect(services.microbursts.requests).toEqual([{ links: ['eth0'] }]);
  expect(lines.output.lines.map((line) => JSON.parse(line))).toEqual([
    { kind: 'lost', lost: 2, place: 'ebpf-agent' },
    { kind: 'event', event: 'microburst', ...microburst },
  ]);
  const text = tap(services, { kinds: ['event'], format: 'text', recordsMax: 1 });
  expect(await text.ended).toBe(0);
  expect(text.output.lines.at(-1)).toBe(
    '00:00:00.000 event    eth0             ' +
      'microburst: 96 packets, 141 KB in 812 us, and goes on',
  );
});

it('a name without a wildcard is asked of the service, a pattern is not', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 1), sample('eth1', 1), sample('lo', 1)] });
  const exact = tap(services, { kinds: ['sample'], filter: { links: ['eth0'] }, recordsMax: 1 });
  expect(await exact.ended).toBe(0);
  const pattern = tap(services, { kinds: ['sample'], filter: { links: ['eth*'] }, recordsMax: 2 });
  expect(await pattern.ended).toBe(0);
  expect(services.samples.requests.map(({ links }) => links)).toEqual([['eth0'], []]);
  expect(pattern.output.lines.map((line) => JSON.parse(line).link)).toEqual(['eth0', 'eth1']);
});

it('a reader that does not read costs the bound, and learns what it lost', async () => {
  await using services = await ScriptedServices.start();
  const output = new FakeOutput({ isReading: false });
  const { ended, queue } = tap(services, {
    ...{ output, kinds: ['sample'], capacity: 50 },
    filter: { links: ['*'] },
    recordsMax: 1_000_000,
  });
  const total = 5_000;
  for (let at = 1; at <= total; at += 100) {
    const samples = Array.from({ length: 100 }, (_, index) => sample('eth0', at + index));
    services.samples.tell({ samples });
  }
  services.samples.tell({ samples: [sample('last', total + 1)], lost: 9 });
  await expect
    .poll(() => queue.losses.list(), { timeout: 20_000 })
    .toContainEqual({
      place: 'telemetry',
      lost: 9,
    });
  expect(output.writableLength).toBeLessThan(32_768);
  output.read();
  await output.until((text) => text.includes('"link":"last"'));
  const records = output.lines.map((line) => JSON.parse(line));
  const lost = records.filter(({ kind }) => kind === 'lost');
  const lostAt = (wanted: string) =>
    lost.reduce((sum, each) => sum + (each.place === wanted ? each.lost : 0), 0);
  const lostHere = lostAt('here');
  expect(lostAt('telemetry')).toBe(9);
  expect(lostHere).toBeGreaterThan(total / 2);
  expect(lostHere + records.length - lost.length).toBe(total + 1);
  output.fail('EPIPE');
  expect(await ended).toBe(0);
});

it('a reader that goes ends it with 0, a full disk with 1 and the reason', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 1)] });
  const gone = tap(services);
  await gone.output.until((text) => text !== '');
  gone.output.fail('EPIPE');
  expect(await gone.ended).toBe(0);
  const full = tap(services);
  await full.output.until((text) => text !== '');
  full.output.fail('ENOSPC');
  await expect(full.ended).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('write ENOSPC'),
  });
});

it('a Ctrl-C ends it with 0, or with 130 where a count was still wanted', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 1)] });
  const open = tap(services);
  await open.output.until((text) => text !== '');
  open.interrupt.abort();
  expect(await open.ended).toBe(0);
  const counted = tap(services, { recordsMax: 5 });
  await counted.output.until((text) => text !== '');
  counted.interrupt.abort();
  expect(await counted.ended).toBe(130);
});

it('what a Ctrl-C leaves unwritten is said', async () => {
  await using services = await ScriptedServices.start();
  const output = new FakeOutput({ isReading: false });
  const { ended, interrupt, queue } = tap(services, { output, kinds: ['sample'] });
  const samples = Array.from({ length: 1_000 }, (_, index) => sample('eth0', index + 1));
  services.samples.tell({ samples });
  await output.until((text) => text !== '');
  services.samples.tell({ samples: [sample('eth0', 2_000)] });
  await expect.poll(() => output.writableNeedDrain, { timeout: 20_000 }).toBe(true);
  interrupt.abort();
  expect(await ended).toBe(0);
  output.read();
  const records = output.lines.map((line) => JSON.parse(line));
  const lost = records
    .filter(({ kind }) => kind === 'lost')
    .reduce((sum, each) => sum + each.lost, 0);
  expect(queue.losses.total).toBe(0);
  expect(lost).toBeGreaterThan(0);
  expect(records.at(-1)).toMatchObject({ kind: 'lost', place: 'here' });
});

it('the end of the time is the end, with 0, and with 3 where nobody ever answered', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 1)] });
  const time = new AbortController();
  const { ended, output } = tap(services, { timeOver: time.signal });
  await output.until((text) => text !== '');
  time.abort();
  expect(await ended).toBe(0);
  expect(output.lines).toHaveLength(1);
  await services.down('telemetry');
  const never = new AbortController().signal;
  const alone = tap(services, { kinds: ['sample'], timeOver: never });
  expect(await alone.ended).toBe(3);
});

it('a service that goes is named and taken up again when it is back', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 1)] });
  const { ended, output, complaints } = tap(services, { kinds: ['sample'], recordsMax: 2 });
  await output.until((text) => text !== '');
  await services.down('telemetry');
  await expect.poll(() => complaints.join(), { timeout: 20_000 }).toContain('telemetry is away');
  await services.up('telemetry');
  expect(await ended).toBe(0);
  expect(output.lines).toHaveLength(2);
});

it('as text a line tells a person the same', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('et\u001b[2Jh0', 1, 2)], lost: 12 });
  const { ended, output } = tap(services, { kinds: ['sample'], format: 'text', recordsMax: 1 });
  expect(await ended).toBe(0);
  expect(output.lines).toEqual([
    '-- lost 12: telemetry found us too slow',
    '00:00:00.100 sample   et?[2Jh0          32.0 Mbit/s queue -         high 58.6 KB   ' +
      'limit -         p99 -        drops 2',
  ]);
});
