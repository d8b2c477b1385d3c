import { z } from 'zod';

const file = z.string().max(4_096).default('');

/** Where samples are written as line protocol; without a URL nowhere. */
export const influxConfig = z
  .strictObject({
    url: z
      .string()
      .max(2_048)
      .regex(/^(https?:\/\/[^\s/@]+\/?)?$/, 'http:// or https://, host and port; no user in it')
      .default('')
      .describe('InfluxDB to write to, e.g. http://127.0.0.1:8086; empty for none.'),
    version: z
      .enum(['v1', 'v2'])
      .default('v1')
      .describe('Endpoint: v1 is /write?db=, v2 is /api/v2/write?org=&bucket=.'),
    database: z.string().max(256).default('').describe('v1: database; it must be there.'),
    retention_policy: z
      .string()
      .max(256)
      .default('')
      .describe("v1: retention policy; empty for the database's default."),
    username: z.string().max(256).default('').describe('v1: user; empty for none.'),
    password_file: file.describe('v1: file whose first line is the password.'),
    organization: z.string().max(256).default('').describe('v2: organization, name or id.'),
    bucket: z.string().max(256).default('').describe('v2: bucket, name or id; it must be there.'),
    token_file: file.describe('v2: file whose first line is the token.'),
    ca_file: file.describe('PEM file of authorities to believe; empty for those of the system.'),
    gzip: z.boolean().default(true).describe('Compress what is sent: a tenth of the bytes.'),
    batch_lines: z
      .int()
      .min(1)
      .max(20_000)
      .default(5_000)
      .describe('Most lines of one request; InfluxDB advises 5,000.'),
    flush_interval_ms: z
      .int()
      .min(100)
      .max(60_000)
      .default(1_000)
      .describe('Longest time a line waits for others to be sent with, milliseconds.'),
    timeout_ms: z
      .int()
      .min(100)
      .max(60_000)
      .default(10_000)
      .describe('A request without an answer for longer has failed, milliseconds.'),
    pending_lines_max: z
      .int()
      .min(1_000)
      .max(10_000_000)
      .default(100_000)
      .describe(
        'Lines held while InfluxDB is away, about 0.5 KB each; beyond it the oldest are lost.',
      ),
  })
  .refine(({ url, version, database }) => url === '' || version === 'v2' || database !== '', {
    path: ['database'],
    error: 'v1 needs influx.database',
  })
  .refine(
    ({ url, version, organization, bucket, token_file }) =>
      url === '' ||
      version === 'v1' ||
      [organization, bucket, token_file].every((one) => one !== ''),
    {
      path: ['bucket'],
      error: 'v2 needs influx.organization, influx.bucket and influx.token_file',
    },
  );

/** @see influxConfig */
export type InfluxConfig = z.output<typeof influxConfig>;
