import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { afterTest, metricOf, startForTest } from './testing/start-for-test.ts';
import { startReceiver } from './testing/start-receiver.ts';

const timeout = 30_000;
const start = 1_700_000_000_000;

function samplesFrom(first: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    link: 'a',
    timeUnixMs: start + (first + index) * 100,
    queueBytes: first + index,
    origin: 'SAMPLE_ORIGIN_PUSH' as const,
  }));
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'levitate-influx-'));
  afterTest(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A telemetry that writes to a v2 endpoint which the test itself is. */
async function startWriting(url: string, over: Record<string, unknown> = {}) {
  const token_file = join(folder(), 'token');
  writeFileSync(token_file, 'secret\n');
  const v2 = { version: 'v2', organization: 'o r g', bucket: 'b', token_file };
  const started = await startForTest({ influx: { url, ...v2, flush_interval_ms: 100, ...over } });
  const metric = (name: string) => metricOf(started.registry, `levitate_telemetry_influx_${name}`);
  return { ...started, metric, token_file };
}

it('v2: lines go to the bucket in batches, compressed, with the token', async () => {
  const receiver = await startReceiver();
  const { client, metric } = await startWriting(receiver.url, { batch_lines: 40 });
  await client.pushSamples({ samples: samplesFrom(0, 100) });
  await expect.poll(() => metric('written_lines_total'), { timeout }).toBe(100);
  expect(receiver.lines()[7]).toBe(
    'levitate_link,link=a,origin=push queue_bytes=7 1700000000700000',
  );
  expect(receiver.lines()).toHaveLength(100);
  expect(Math.max(...receiver.writes.map(({ lines }) => lines.length))).toBe(40);
  expect(receiver.writes[0]?.url).toBe('/api/v2/write?org=o+r+g&bucket=b&precision=us');
  expect(receiver.writes[0]?.headers).toMatchObject({
    authorization: 'Token secret',
    'content-encoding': 'gzip',
  });
  expect(await metric('connected')).toBe(1);
});

it('samples of paths are written too, uncompressed where asked', async () => {
  const receiver = await startReceiver();
  const { client } = await startWriting(receiver.url, { gzip: false });
  await client.pushPathSamples({
    samples: [{ path: 'a:b', timeUnixMs: start, roundTripSeconds: 0.25 }],
  });
  await expect.poll(() => receiver.lines(), { timeout }).toHaveLength(1);
  expect(receiver.lines()[0]).toMatch(/^levitate_path,.*path=a:b round_trip_seconds=0.25 /);
  expect(receiver.writes[0]?.headers['content-encoding']).toBeUndefined();
});

it('while it is away lines wait up to the bound, the oldest are lost and counted', async () => {
  const receiver = await startReceiver(() => ({ status: 503, headers: { 'retry-after': '0' } }));
  const { client, metric, warnings } = await startWriting(receiver.url, {
    pending_lines_max: 1000,
    batch_lines: 100,
  });
  for (const first of [0, 600]) await client.pushSamples({ samples: samplesFrom(first, 600) });
  await expect.poll(() => warnings.join(), { timeout }).toContain('DEGRADED');
  expect(warnings.join()).toContain('"pending_lines_max":1000');
  await expect.poll(() => metric('lost_lines_total'), { timeout }).toBe(200);
  expect(await metric('pending_lines')).toBe(1000);
  expect(await metric('connected')).toBe(0);
  receiver.answer(() => ({ status: 204 }));
  await expect.poll(() => metric('pending_lines'), { timeout }).toBe(0);
  expect(await metric('written_lines_total')).toBe(1000);
  expect(new Set(receiver.lines()).size).toBe(1000);
  expect(await metric('connected')).toBe(1);
});

it('what it refuses is dropped and counted by reason; what follows gets through', async () => {
  const refusals = [
    { status: 400, body: '{"code":"invalid","message":"partial write: bad dropped=3"}' },
    { status: 400, body: '{"code":"invalid","message":"unable to parse"}' },
    { status: 404, body: '{"code":"not found","message":"bucket not found"}' },
  ];
  const receiver = await startReceiver(() => refusals.shift() ?? { status: 204 });
  const { client, metric, warnings } = await startWriting(receiver.url, { batch_lines: 10 });
  await client.pushSamples({ samples: samplesFrom(0, 50) });
  await expect.poll(() => receiver.lines(), { timeout }).toHaveLength(20);
  const refused = (reason: string) => metric(`refused_lines_total{reason="${reason}"}`);
  expect(await refused('partial_write')).toBe(3);
  expect(await refused('refused')).toBe(10);
  expect(await refused('not_found')).toBe(10);
  expect(await metric('lost_lines_total')).toBe(0);
  expect(await metric('written_lines_total')).toBe(27);
  expect(warnings.join()).toContain('bucket not found');
});

it('a request that is too large is sent in parts; a line that is, is refused', async () => {
  const isTooLarge = (lines: string[]) =>
    lines.length > 3 || lines.some((line) => line.includes('=13 '));
  const receiver = await startReceiver(({ lines }) => ({ status: isTooLarge(lines) ? 413 : 204 }));
  const { client, metric } = await startWriting(receiver.url, { batch_lines: 32 });
  await client.pushSamples({ samples: samplesFrom(0, 32) });
  await expect.poll(() => receiver.lines(), { timeout }).toHaveLength(31);
  await expect.poll(() => metric('pending_lines'), { timeout }).toBe(0);
  expect(await metric('refused_lines_total{reason="too_large"}')).toBe(1);
});

it('a token that was replaced is read again', async () => {
  const receiver = await startReceiver(({ headers }) => ({
    status: headers.authorization === 'Token renewed' ? 204 : 401,
  }));
  const { client, metric, token_file } = await startWriting(receiver.url);
  await client.pushSamples({ samples: samplesFrom(0, 5) });
  const refused = () => metric('refused_lines_total{reason="not_allowed"}');
  await expect.poll(refused, { timeout }).toBe(5);
  writeFileSync(token_file, 'renewed\n');
  await client.pushSamples({ samples: samplesFrom(5, 5) });
  await expect.poll(() => receiver.lines(), { timeout }).toHaveLength(5);
});

it('an answer that does not come is a failure after the time-out', async () => {
  const silent = createServer(() => {});
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  afterTest(() => silent.closeAllConnections());
  afterTest(() => silent.close());
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const { client, warnings } = await startWriting(url, { timeout_ms: 200 });
  await client.pushSamples({ samples: samplesFrom(0, 1) });
  await expect.poll(() => warnings.join(), { timeout }).toContain('influx.timeout_ms, 200 ms');
});

it('what waits is sent before telemetry stops, what cannot be is said', async () => {
  const receiver = await startReceiver();
  const { client, running } = await startWriting(receiver.url, { flush_interval_ms: 60_000 });
  await client.pushSamples({ samples: samplesFrom(0, 25) });
  await running.drain(timeout);
  expect(receiver.lines()).toHaveLength(25);

  const away = await startReceiver(() => ({ status: 500 }));
  const stuck = await startWriting(away.url);
  await stuck.client.pushSamples({ samples: samplesFrom(0, 25) });
  await stuck.running.drain(500);
  expect(stuck.warnings.join()).toContain('{"lines":25}');
  expect(await stuck.metric('lost_lines_total')).toBe(25);
});

it.each([
  [{ url: 'http://127.0.0.1:1' }, 'influx.database'],
  [{ url: 'http://127.0.0.1:1', version: 'v2', bucket: 'b' }, 'influx.token_file'],
  [{ url: 'http://user:secret@127.0.0.1:1', database: 'd' }, 'no user in it'],
])('a configuration that cannot work is refused: %j', async (influx, why) => {
  await expect(startForTest({ influx })).rejects.toThrow(why);
});

it('a token that cannot be read ends the start with what to do', async () => {
  const v2 = { version: 'v2', organization: 'o', bucket: 'b', token_file: '/nonexistent/token' };
  const starting = startForTest({ influx: { url: 'http://127.0.0.1:1', ...v2 } });
  await expect(starting).rejects.toMatchObject({
    code: 'influx-file',
    nextStep: expect.stringContaining('influx.token_file'),
  });
});
