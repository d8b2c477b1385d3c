import { z } from 'zod';
import { featureOf, type PrometheusFeature, prometheusFeatureNames } from './prometheus-queries.ts';

const file = z.string().max(4096).default('');

const linkRule = z.strictObject({
  labels: z
    .record(z.string().min(1).max(128), z.string().max(1024))
    .describe('Labels a series must have, e.g. {instance: "a:9100", device: eth0}.'),
  link: z.string().min(1).max(128).describe('Name of the link that these series measure.'),
});

const query = (feature: PrometheusFeature) => {
  const { unit, meaning, query: working } = featureOf(feature);
  return z.string().max(4096).default(working).describe(`${meaning} PromQL that gives ${unit}.`);
};

const queries = Object.fromEntries(
  prometheusFeatureNames.map((feature) => [feature, query(feature)]),
) as { [Feature in PrometheusFeature]: ReturnType<typeof query> };

const settings = z.strictObject({
  url: z
    .string()
    .max(4096)
    .regex(/^$|^https?:\/\/[^\s/@?#]+(\/[^\s@?#]*)?$/, 'http(s)://host:port, no password in it')
    .default('')
    .describe('Prometheus to query, what stands before /api/v1 included; empty for none.'),
  token_file: file.describe('File whose first line is a bearer token; empty for none.'),
  username: z
    .string()
    .max(256)
    .regex(/^[^:]*$/, 'a name without a colon')
    .default('')
    .describe('User of basic authentication; empty for none.'),
  password_file: file.describe('File whose first line is the password of username.'),
  ca_file: file.describe('PEM file of authorities to believe; empty for those of the system.'),
  interval_ms: z
    .int()
    .min(100)
    .max(3_600_000)
    .default(15_000)
    .describe('Time between two rounds of queries, milliseconds; best its scrape interval.'),
  lookback_ms: z
    .int()
    .min(200)
    .max(3_600_000)
    .default(60_000)
    .describe('A series not scraped for longer is missing, milliseconds; 2 scrapes at least.'),
  timeout_ms: z
    .int()
    .min(10)
    .max(600_000)
    .default(5000)
    .describe('Longest wait for the answer to one query, milliseconds.'),
  response_bytes_max: z
    .int()
    .min(1024)
    .max(268_435_456)
    .default(16_777_216)
    .describe('Largest answer to one query, bytes; four are held at once.'),
  series_max: z
    .int()
    .min(1)
    .max(100_000)
    .default(10_000)
    .describe('Most series of one answer; more are refused.'),
  selector: z
    .string()
    .max(1024)
    .default('device!="lo"')
    .describe('Label matchers that stand for $selector in queries, e.g. job="node",device="eth0".'),
  link: z
    .string()
    .max(256)
    .default('{instance}/{device}')
    .describe('Name of a link, labels in braces; empty: only those that links names.'),
  links: z.array(linkRule).max(1000).default([]).describe('Links by their labels, first fit.'),
  queries: z.strictObject(queries).prefault({}),
});

/** A Prometheus to query: which, how, and what of it makes a sample. */
export const prometheusConfig = settings
  .refine(({ interval_ms, lookback_ms }) => lookback_ms >= 2 * interval_ms, {
    path: ['lookback_ms'],
    message: 'at least twice prometheus.interval_ms: a rate takes two scrapes',
  })
  .refine(({ username, token_file }) => username === '' || token_file === '', {
    path: ['username'],
    message: 'either prometheus.username or prometheus.token_file, not both',
  });

/** @see prometheusConfig */
export type PrometheusConfig = z.output<typeof prometheusConfig>;
