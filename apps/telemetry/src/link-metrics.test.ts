import { expect, it } from 'vitest';
import { metricOf, startForTest } from './testing/start-for-test.ts';

const now = Date.now();
const origin = 'SAMPLE_ORIGIN_PUSH' as const;

function sample(link: string, step: number, over: object = {}) {
  return { link, timeUnixMs: now + step * 100, intervalMs: 100, origin, ...over };
}

it('a link has its newest values, its totals and its highest queue', async () => {
  const { client, registry } = await startForTest();
  await client.pushSamples({
    samples: [
      sample('a', 0, { queueBytes: 5, queueHighWaterBytes: 900, droppedPackets: 2 }),
      sample('a', 1, { queueBytes: 7, droppedPackets: 3, throughputBytesPerSecond: 1e6 }),
      sample('a', 1),
      sample('a', 4, { queueBytes: 8 }),
    ],
  });
  const metric = (name: string, labels = '{link="a"}') => metricOf(registry, `${name}${labels}`);
  const gauge = (name: string) => metric(name, '{link="a",origin="push"}');
  await expect.poll(() => gauge('levitate_link_queue_bytes'), { timeout: 10_000 }).toBe(8);
  expect(await gauge('levitate_link_queue_high_water_bytes')).toBe(900);
  expect(await gauge('levitate_link_sample_interval_seconds')).toBe(0.1);
  expect(await metric('levitate_link_dropped_packets_total')).toBe(5);
  expect(await metric('levitate_link_samples_total')).toBe(3);
  expect(await metric('levitate_link_duplicate_samples_total')).toBe(1);
  expect(await metric('levitate_link_gaps_total')).toBe(1);
});

it('a value that is missing has no line, not a zero', async () => {
  const { client, registry } = await startForTest();
  await client.pushSamples({ samples: [sample('a', 0, { queueBytes: 5 })] });
  const labels = '{link="a",origin="push"}';
  const queue = () => metricOf(registry, `levitate_link_queue_bytes${labels}`);
  await expect.poll(queue, { timeout: 10_000 }).toBe(5);
  expect(await metricOf(registry, `levitate_link_limit_bytes${labels}`)).toBeUndefined();
  expect(await metricOf(registry, 'levitate_link_dropped_packets_total{link="a"}')).toBeUndefined();
});

it('links beyond the limit have no metrics, are counted, and that is said', async () => {
  const { client, registry, warnings } = await startForTest({ limits: { metrics_links_max: 2 } });
  const links = ['a', 'b', 'c', 'd'];
  await client.pushSamples({ samples: links.map((link) => sample(link, 0, { queueBytes: 1 })) });
  const left = () => metricOf(registry, 'levitate_telemetry_links_not_exported');
  await expect.poll(left, { timeout: 10_000 }).toBe(2);
  expect(await metricOf(registry, 'levitate_telemetry_links')).toBe(4);
  const exported = (await registry.metrics()).match(/^levitate_link_queue_bytes\{/gm);
  expect(exported).toHaveLength(2);
  expect(warnings.join()).toContain('metrics_links_max');
});

it('the time from sample to window is measured for what is live', async () => {
  const { client, registry } = await startForTest();
  const replay = { origin: 'SAMPLE_ORIGIN_REPLAY' as const };
  await client.pushSamples({ samples: [sample('a', 0), sample('b', 0, replay)] });
  expect(await metricOf(registry, 'levitate_telemetry_sample_to_window_seconds_count')).toBe(1);
  expect(await metricOf(registry, 'levitate_telemetry_append_seconds_count')).toBe(1);
  // Of the last in the message, which is a replay's.
  expect(await metricOf(registry, 'levitate_telemetry_message_age_seconds_count')).toBe(0);
  await client.pushSamples({ samples: [sample('b', 1, replay), sample('a', 1)] });
  expect(await metricOf(registry, 'levitate_telemetry_message_age_seconds_count')).toBe(1);
});

it('a scrape of many links lets samples in between', async () => {
  const { client, registry } = await startForTest();
  const links = Array.from({ length: 100 }, (_, index) => `link-${index}`);
  await client.pushSamples({ samples: links.map((link) => sample(link, 0, { queueBytes: 1 })) });
  await expect.poll(() => registry.metrics(), { timeout: 10_000 }).toContain('link="link-99"');
  let rounds = 0;
  let isOver = false;
  const count = (): void => {
    rounds += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const text = await registry.metrics();
  isOver = true;
  expect(text.match(/^levitate_link_queue_high_water_bytes\{/gm)).toHaveLength(100);
  expect(rounds).toBeGreaterThan(100 / 4);
});
