import { expect, it } from 'vitest';
import { ProcSampler } from './proc-sampler.ts';

const links = [{ interface: 'eth0', link: 'uplink', direction: 'transmit' as const }];

function reading(
  step: number,
  counters: { bytes: number; packets: number; dropped?: number; opens?: number } | undefined,
) {
  const { bytes = 0, packets = 0, dropped = 0, opens = 0 } = counters ?? {};
  const device = `eth0: 0 0 0 0 0 0 0 0 ${bytes} ${packets} 0 ${dropped} 0 0 0 0\n`;
  return {
    netDev: counters === undefined ? 'lo: 0\n' : device,
    snmp: `Tcp: ActiveOpens PassiveOpens\nTcp: ${opens} 0\n`,
    unixMs: 1_700_000_000_000 + step * 100,
    monotonicMs: step * 100,
  };
}

it('rates are growth over the time between two readings', () => {
  const sampler = new ProcSampler(links);
  expect(sampler.read(reading(0, { bytes: 1000, packets: 10 }))).toEqual([]);
  const next = reading(2, { bytes: 3000, packets: 30, dropped: 4, opens: 6 });
  expect(sampler.read(next)).toEqual([
    {
      link: 'uplink',
      sequence: 1,
      timeUnixMs: 1_700_000_000_200,
      intervalMs: 200,
      throughputBytesPerSecond: 10_000,
      packetsPerSecond: 100,
      droppedPackets: 4,
      connectionsPerSecond: 30,
      origin: 'proc',
    },
  ]);
});

it('a reset interface costs one sample and the sequence goes on', () => {
  const sampler = new ProcSampler(links);
  sampler.read(reading(0, { bytes: 1000, packets: 10 }));
  expect(sampler.read(reading(1, { bytes: 2000, packets: 20 }))[0]?.sequence).toBe(1);
  expect(sampler.read(reading(2, { bytes: 50, packets: 1 }))).toEqual([]);
  expect(sampler.read(reading(3, { bytes: 150, packets: 2 }))[0]).toMatchObject({
    sequence: 2,
    throughputBytesPerSecond: 1000,
  });
});

it('an interface made anew from high counters has not wrapped: no burst of gigabytes', () => {
  const sampler = new ProcSampler(links);
  sampler.read(reading(0, { bytes: 3e9, packets: 3e6 }));
  expect(sampler.read(reading(1, { bytes: 50, packets: 1 }))).toEqual([]);
  const wrapped = new ProcSampler(links);
  wrapped.read(reading(0, { bytes: 2 ** 32 - 100, packets: 3e6 }));
  const [sample] = wrapped.read(reading(1, { bytes: 50, packets: 3e6 + 1 }));
  expect(sample?.throughputBytesPerSecond).toBe(1500);
});

it('an interface that is away is named and gives no sample until its second reading back', () => {
  const sampler = new ProcSampler(links);
  sampler.read(reading(0, { bytes: 1000, packets: 10 }));
  expect(sampler.read(reading(1, undefined))).toEqual([]);
  expect(sampler.missing).toEqual(['eth0']);
  expect(sampler.read(reading(2, { bytes: 5000, packets: 50 }))).toEqual([]);
  expect(sampler.missing).toEqual([]);
  expect(sampler.read(reading(3, { bytes: 5100, packets: 51 }))).toHaveLength(1);
});

it('a step of the wall clock does not bend a rate', () => {
  const sampler = new ProcSampler(links);
  sampler.read(reading(0, { bytes: 0, packets: 0 }));
  const stepped = { ...reading(1, { bytes: 100, packets: 1 }), unixMs: 5 };
  expect(sampler.read(stepped)[0]).toMatchObject({
    timeUnixMs: 5,
    throughputBytesPerSecond: 1000,
  });
});

it('two readings at one instant give no sample, not an infinite rate', () => {
  const sampler = new ProcSampler(links);
  sampler.read(reading(0, { bytes: 0, packets: 0 }));
  expect(sampler.read(reading(0, { bytes: 100, packets: 1 }))).toEqual([]);
});

it('what leaves the host carries the queue it went through and what that dropped', () => {
  const sampler = new ProcSampler(links);
  const queue = { bytes: 0, packets: 0, dropped: 4_294_967_295n, limitBytes: 60_000 };
  const read = (step: number, over: object) =>
    sampler.read({
      ...reading(step, { bytes: step * 100, packets: step, dropped: step }),
      queues: new Map([['eth0', { ...queue, ...over }]]),
    });
  read(0, {});
  const [sample] = read(1, { bytes: 3000, packets: 2, dropped: 4n, drainBytesPerSecond: 1e6 });
  expect(sample).toMatchObject({
    queueBytes: 3000,
    queuePackets: 2,
    limitBytes: 60_000,
    drainBytesPerSecond: 1e6,
    droppedPackets: 6,
  });
});

it('a queue that is not told is missing, and what reaches the host has none', () => {
  const receive = new ProcSampler([{ interface: 'eth0', link: 'in', direction: 'receive' }]);
  const queues = new Map([['eth0', { bytes: 1, packets: 1, dropped: 0n }]]);
  receive.read({ ...reading(0, { bytes: 0, packets: 0 }), queues });
  const [sample] = receive.read({ ...reading(1, { bytes: 1, packets: 1 }), queues });
  expect(sample?.queueBytes).toBeUndefined();
});
