import { expect, it } from 'vitest';
import { linkOf } from './prometheus-links.ts';
import type { PrometheusFeature } from './prometheus-queries.ts';
import { PrometheusSampler, type PrometheusSamplerOptions } from './prometheus-sampler.ts';

const t0 = 1_700_000_000_000;

function samplerFor(over: Partial<PrometheusSamplerOptions> = {}) {
  return new PrometheusSampler({
    intervalMs: 15_000,
    lookbackMs: 60_000,
    hasTime: true,
    naming: { rules: [], pattern: '{device}' },
    ...over,
  });
}

/** One evaluation at `atS`, seconds from t0; values by feature and device. */
function round(atS: number, values: Partial<Record<PrometheusFeature, Record<string, number>>>) {
  return new Map(
    Object.entries(values).map(([feature, byDevice]) => [
      feature as PrometheusFeature,
      Object.entries(byDevice).map(([device, value]) => ({
        labels: { device },
        points: [{ timeUnixMs: t0 + atS * 1000, value }],
      })),
    ]),
  );
}

const scraped = (atS: number) => (t0 + atS * 1000) / 1000;

it('a scrape makes one sample however often it is asked for, as of its own time', () => {
  const sampler = samplerFor();
  const at = (atS: number, scrapeS: number) =>
    sampler.take(round(atS, { time_seconds: { a: scraped(scrapeS) }, queue_bytes: { a: atS } }))
      .samples;
  expect(at(0, -3)).toHaveLength(1);
  expect(at(5, -3)).toEqual([]);
  expect(at(13, 12)).toEqual([
    expect.objectContaining({ timeUnixMs: t0 + 12_000, intervalMs: 15_000, sequence: 2 }),
  ]);
  // A scrape was missed: the next sample is of the whole time since.
  expect(at(45, 42)[0]).toMatchObject({ intervalMs: 30_000, sequence: 3, queueBytes: 45 });
});

it('a rate becomes the count of its interval where a sample holds a count', () => {
  const sampler = samplerFor();
  const values = (atS: number) =>
    round(atS, { time_seconds: { a: scraped(atS) }, dropped_packets_per_second: { a: 4 } });
  sampler.take(values(0));
  expect(sampler.take(values(20)).samples[0]).toMatchObject({ droppedPackets: 80 });
});

it('a link that was not scraped within the lookback is silent, and the gap shows', () => {
  const sampler = samplerFor();
  const at = (atS: number, scrapeS: number) =>
    sampler.take(round(atS, { time_seconds: { a: scraped(scrapeS) }, queue_bytes: { a: 1 } }));
  at(0, 0);
  expect(at(61, 0)).toMatchObject({ samples: [], links: 1, freshLinks: 0 });
  // 120 s are 8 intervals: 7 samples are missing before it.
  expect(at(120, 120).samples[0]).toMatchObject({ intervalMs: 15_000, sequence: 9 });
});

it('a feature without a value is missing, a link with nothing but a time has no sample', () => {
  const outcome = samplerFor().take(
    round(0, { time_seconds: { a: scraped(0), b: scraped(0) }, queue_bytes: { a: 1 } }),
  );
  expect(outcome.samples).toHaveLength(1);
  expect(outcome.samples[0]).not.toHaveProperty('throughputBytesPerSecond');
});

it('without a time of scrapes values are as of the query', () => {
  const sampler = samplerFor({ hasTime: false });
  const { samples } = sampler.take(round(7, { queue_bytes: { a: 1 } }));
  expect(samples[0]).toMatchObject({ timeUnixMs: t0 + 7000, intervalMs: 15_000 });
});

it('a utilisation gives the queue where the limit is known', () => {
  const at = (over: object) =>
    samplerFor({ hasTime: false }).take(
      round(0, { buffer_utilisation_ratio: { a: 0.25 }, limit_bytes: { a: 4000 }, ...over }),
    ).samples[0]?.queueBytes;
  expect(at({})).toBe(1000);
  expect(at({ queue_bytes: { a: 7 } })).toBe(7);
  expect(at({ limit_bytes: {} })).toBeUndefined();
});

it('a clock that was set back is followed after a few scrapes, a stray one is not', () => {
  const sampler = samplerFor();
  const at = (scrapeS: number) =>
    sampler.take(round(100, { time_seconds: { a: scraped(scrapeS) }, queue_bytes: { a: 1 } }))
      .samples;
  at(90);
  expect(at(75)).toEqual([]);
  expect(at(95)).toHaveLength(1);
  expect([at(50), at(60), at(70), at(80)].map(({ length }) => length)).toEqual([0, 0, 0, 1]);
});

it('two values of one link are none, at the times when there are two', () => {
  const points = (times: number[], value: number) =>
    times.map((atS) => ({ timeUnixMs: t0 + atS * 1000, value }));
  const outcome = samplerFor({ hasTime: false }).take(
    new Map([
      [
        'queue_bytes' as const,
        [
          { labels: { device: 'a', pod: 'old' }, points: points([0, 15], 1) },
          { labels: { device: 'a', pod: 'new' }, points: points([15, 30], 2) },
        ],
      ],
    ]),
  );
  expect(outcome.samples.map(({ queueBytes }) => queueBytes)).toEqual([1, 2]);
  expect(outcome.ambiguousValues).toBe(1);
});

it.each([
  [{ device: 'eth0', instance: 'a:9100' }, 'a:9100/eth0'],
  [{ device: 'eth0', instance: 'b:9100' }, 'edge-b'],
  [{ device: 'eth0' }, undefined],
  [{ device: 'x'.repeat(130), instance: 'a' }, undefined],
  [{ device: 'a\nb', instance: 'a' }, undefined],
  [{ device: '{instance}', instance: 'a' }, 'a/{instance}'],
])('the link of %o is %s', (labels, link) => {
  const rules = [{ labels: { instance: 'b:9100' }, link: 'edge-b' }];
  expect(linkOf(labels as Record<string, string>, { rules, pattern: '{instance}/{device}' })).toBe(
    link,
  );
  expect(linkOf({ constructor: 'x' }, { rules: [], pattern: '{toString}' })).toBeUndefined();
});
