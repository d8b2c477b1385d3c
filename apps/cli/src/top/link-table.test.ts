import type { ebpfAgent, fsuController, telemetry } from '@levitate/contracts';
import { expect, it } from 'vitest';
import { nameFilter } from '../glob.ts';
import { LinkTable } from './link-table.ts';

const sample = (timeUnixMs: number, of: Partial<telemetry.Sample> = {}) =>
  ({ link: 'eth0', timeUnixMs, intervalMs: 100, ...of }) as telemetry.Sample;
const target = { name: 'uplink', link: 'eth0', mode: 'MODE_ENFORCE', law: 'LAW_PREDICTIVE' };
const uplink = { ...target, predictive: true, paused: false } as fsuController.Target;
const everything = nameFilter([]);

it('figures are of the last second: means of rates, highest of marks, newest of states', () => {
  const table = new LinkTable(everything);
  for (let index = 1; index <= 20; index += 1) {
    const isLate = index > 10;
    table.addSamples(
      [
        sample(index * 100, {
          throughputBytesPerSecond: isLate ? 2_000 : 9_000,
          packetsPerSecond: isLate ? 4 : 9,
          queueBytes: index,
          queueHighWaterBytes: isLate ? 500 - index : 9_000,
          latencyP99Seconds: isLate ? 0.001 * index : 9,
          droppedPackets: index === 20 ? 5 : 0,
          limitBytes: 1_000 + index,
        }),
      ],
      0,
    );
  }
  expect(table.rows(0)).toEqual([
    {
      ...{ link: 'eth0', throughputBytesPerSecond: 2_000, packetsPerSecond: 4, queueBytes: 20 },
      ...{ queueHighWaterBytes: 489, limitBytes: 1_020, dropsPerSecond: 5 },
      latencyP99Seconds: 0.02,
    },
  ]);
});

it('what was not measured is missing, never zero', () => {
  const table = new LinkTable(everything);
  table.addSamples([sample(100)], 0);
  expect(table.rows(0)).toEqual([{ link: 'eth0' }]);
});

it('a sample that comes twice, or late, counts once; a clock set back begins anew', () => {
  const table = new LinkTable(everything);
  const rateOf = () => table.rows(0)[0]?.throughputBytesPerSecond;
  table.addSamples([sample(1e6, { throughputBytesPerSecond: 10 })], 0);
  table.addSamples([sample(1e6, { throughputBytesPerSecond: 99 })], 0);
  table.addSamples([sample(1e6 - 100, { throughputBytesPerSecond: 99 })], 0);
  expect(rateOf()).toBe(10);
  table.addSamples([sample(1e6 - 3_600_000, { throughputBytesPerSecond: 30 })], 0);
  expect(rateOf()).toBe(30);
});

it('a link that falls silent keeps what the agent says, and says for how long', () => {
  const table = new LinkTable(everything);
  const actuator = { actuator: 'ACTUATOR_KIND_BPF_MAP', actuatorsUnavailable: [] };
  const link = { link: 'eth0', ...actuator, backlogBytes: 7, limitBytes: 9 };
  table.addSamples([sample(100, { throughputBytesPerSecond: 10 })], 1_000);
  table.setLinks([link as unknown as ebpfAgent.Link]);
  expect(table.rows(2_000)[0]).toMatchObject({ throughputBytesPerSecond: 10 });
  const [row] = table.rows(6_000);
  expect(row).toMatchObject({
    queueBytes: 7,
    limitBytes: 9,
    silentSeconds: 5,
    actuator: 'bpf-map',
  });
  expect(row).not.toHaveProperty('throughputBytesPerSecond');
});

it('law, mode and forecast come from the controller', () => {
  const table = new LinkTable(everything);
  const forecast = {
    ...{ burstPredicted: true, confidence: 0.97, timeToBurstSeconds: 1.5, madeUnixMs: 100 },
    abstained: [],
  };
  table.setTargets([uplink]);
  table.addTicks([{ target: 'uplink', sample: sample(400), forecast } as never], 0);
  const row = { link: 'eth0', target: 'uplink', mode: 'enforce', law: 'predictive' };
  expect(table.rows(0)).toEqual([{ ...row, forecast: 'burst in 1.2 s (97 %)' }]);
  table.addTicks([{ target: 'uplink', sample: null, forecast: null } as never], 0);
  expect(table.rows(0)[0]?.forecast).toBe('none');
  table.setTargets([{ ...uplink, predictive: false, paused: true }]);
  expect(table.rows(0)[0]).toMatchObject({ forecast: 'not wanted', mode: 'paused' });
});

it('links that do not pass are not held, and those that are gone go', () => {
  const table = new LinkTable(nameFilter(['eth*']));
  table.addSamples([{ ...sample(100), link: 'lo' }], 0);
  table.setTargets([uplink]);
  expect(table.rows(0).map(({ link }) => link)).toEqual(['eth0']);
  table.setTargets([]);
  expect(table.size).toBe(0);
});

it('more links than the bound are left out', () => {
  const table = new LinkTable(everything);
  const samples = Array.from({ length: 17_000 }, (_, index) => ({
    ...sample(100),
    link: `l${index}`,
  }));
  table.addSamples(samples, 0);
  expect(table.size).toBe(16_384);
});
