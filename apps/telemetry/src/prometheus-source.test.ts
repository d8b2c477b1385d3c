import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type FakeAnswer, startFakePrometheus, vector } from './testing/fake-prometheus.ts';
import { afterTest, metricOf, startForTest } from './testing/start-for-test.ts';

const timeout = 20_000;
/** One feature, values as of the query: what the faults are like does not depend on more. */
const onlyQueue = {
  ...Object.fromEntries(
    [
      ...['time_seconds', 'throughput_bytes_per_second', 'packets_per_second', 'queue_packets'],
      ...['dropped_packets_per_second', 'drain_bytes_per_second', 'connections_per_second'],
    ].map((feature) => [feature, '']),
  ),
  queue_bytes: 'my_queue{$selector}[$lookback] $interval',
};

async function start(answer: FakeAnswer, settings: object = {}) {
  const fake = await startFakePrometheus(answer);
  const prometheus = {
    url: fake.url,
    interval_ms: 100,
    lookback_ms: 1000,
    queries: onlyQueue,
    ...settings,
  };
  const started = await startForTest({ prometheus });
  const why = () => started.readiness.components[0]?.why ?? '';
  const errors = (kind: string) =>
    metricOf(started.registry, `levitate_telemetry_prometheus_query_errors_total{kind="${kind}"}`);
  const window = async (link: string) => (await started.client.getWindow({ link })).samples;
  return { ...started, fake, why, errors, window };
}

const status =
  (code: number, body = ''): FakeAnswer =>
  (response) => {
    response.writeHead(code).end(body);
  };

const json =
  (value: unknown): FakeAnswer =>
  (response) => {
    response.end(JSON.stringify(value));
  };

const badDay = '{"status":"error","errorType":"bad_data","error":"parse error: no such thing"}';
const faults: [string, FakeAnswer, string, string][] = [
  ['answers 500', status(500, 'oops'), 'status', 'HTTP 500'],
  ['is not ready', status(503), 'status', 'HTTP 503'],
  ['cannot read the query', status(400, badDay), 'query', 'no such thing'],
  ['wants a password', status(401), 'unauthorized', 'prometheus.token_file'],
  ['answers with garbage', (response) => void response.end('<html>'), 'malformed', 'no JSON'],
  ['answers with half an answer', half, 'unreachable', 'aborted'],
  ['answers with other JSON', json({ status: 'success' }), 'malformed', 'another shape'],
  ['gives a number without labels', json(scalar()), 'query', 'labels'],
  ['speaks no HTTP', noHttp, 'malformed', 'no HTTP'],
  ['says nothing for too long', () => {}, 'timeout', 'prometheus.timeout_ms'],
  ['hangs up', (response) => void response.destroy(), 'unreachable', 'hang up'],
  ['has nothing', vector({}), '', 'prometheus.selector'],
];

it.each(faults)('a server that %s is said, counted and survived', async (_, fault, kind, words) => {
  const { fake, why, errors, readiness, window } = await start(fault, { timeout_ms: 500 });
  await expect.poll(why, { timeout }).toContain(words);
  if (kind !== '') expect(await errors(kind)).toBeGreaterThan(0);
  fake.answer = vector({ eth0: '5' });
  await expect.poll(() => readiness.isReady, { timeout }).toBe(true);
  expect((await window('a:9100/eth0')).at(-1)).toMatchObject({ queueBytes: 5 });
});

it('a redirect is not followed: whoever is there would be told the token', async () => {
  const elsewhere = await startFakePrometheus(vector({ eth0: '1' }));
  const token_file = fileWith('secret-token\n');
  const redirect: FakeAnswer = (response) => {
    response.writeHead(307, { location: `${elsewhere.url}/api/v1/query` }).end();
  };
  const { fake, why, errors } = await start(redirect, { token_file });
  await expect.poll(why, { timeout }).toContain('not followed');
  expect(why()).toContain(elsewhere.url);
  expect(why()).not.toContain('secret');
  expect(await errors('redirect')).toBeGreaterThan(0);
  expect(elsewhere.calls).toEqual([]);
  expect(fake.calls[0]?.authorization).toBe('Bearer secret-token');
});

it('a token on its way over plain HTTP is warned of, but not within this host', async () => {
  const token_file = fileWith('secret-token');
  const near = await start(vector({ eth0: '1' }), { token_file });
  await expect.poll(() => near.readiness.isReady, { timeout }).toBe(true);
  expect(near.warnings.join()).not.toContain('plain HTTP');
  // An address that is not said to be this host's, and is.
  const prometheus = { url: near.fake.url.replace('127.0.0.1', '0.0.0.0'), token_file };
  const far = await startForTest({ prometheus });
  expect(far.warnings.join()).toContain('plain HTTP');
});

it('credentials are read afresh, so that they may rotate', async () => {
  const password_file = fileWith('first');
  const { fake } = await start(vector({ eth0: '1' }), { username: 'lev', password_file });
  const basic = (password: string) => `Basic ${Buffer.from(`lev:${password}`).toString('base64')}`;
  const newest = () => fake.calls.at(-1)?.authorization;
  await expect.poll(newest, { timeout }).toBe(basic('first'));
  writeFileSync(password_file, 'second');
  await expect.poll(newest, { timeout }).toBe(basic('second'));
});

it('a password that cannot be read is said, and waited for', async () => {
  const password_file = join(tmpdir(), `levitate-no-such-file-${process.pid}`);
  afterTest(() => rmSync(password_file, { force: true }));
  const fault = await start(vector({ eth0: '1' }), { username: 'lev', password_file });
  await expect.poll(fault.why, { timeout }).toContain('ENOENT');
  expect(fault.fake.calls).toEqual([]);
  writeFileSync(password_file, 'there');
  await expect.poll(() => fault.readiness.isReady, { timeout }).toBe(true);
});

it('a million series are refused long before they are all here', async () => {
  const sent: number[] = [];
  const million: FakeAnswer = async (response) => {
    const index = sent.push(0) - 1;
    const closed = once(response, 'close');
    response.write('{"status":"success","data":{"resultType":"vector","result":[');
    for (let block = 0; block < 1000 && !response.destroyed; block += 1) {
      const rows = Array.from({ length: 1000 }, (_unused, row) => {
        const metric = { instance: `host-${block}-${row}:9100`, device: 'eth0' };
        return `${JSON.stringify({ metric, value: [1, '1'] })},`;
      });
      const text = rows.join('');
      sent[index] = (sent[index] ?? 0) + text.length;
      if (!response.write(text)) await Promise.race([drained(response), closed]);
    }
    response.end();
  };
  const { why, errors, window } = await start(million, { timeout_ms: 20_000 });
  await expect.poll(why, { timeout }).toContain('more than 10000 series (prometheus.series_max)');
  expect(why()).toContain('narrow');
  expect(await errors('too-many-series')).toBeGreaterThan(0);
  // All of it would be 80 MB. What is sent beyond the 10,000th series fills the socket's buffers.
  expect(Math.max(...sent)).toBeLessThan(20e6);
  expect(await window('host-0-0:9100/eth0')).toEqual([]);
});

it('an answer beyond the bound in bytes is refused', async () => {
  const big: FakeAnswer = (response) => {
    response.end(`{"status":"success","pad":"${'x'.repeat(5000)}"}`);
  };
  const { why, errors } = await start(big, { response_bytes_max: 4096 });
  await expect.poll(why, { timeout }).toContain('4096 bytes (prometheus.response_bytes_max)');
  expect(await errors('too-large')).toBeGreaterThan(0);
});

it('what is no number is missing, and what cannot be is left out and counted', async () => {
  const values = { eth0: 'NaN', eth1: '+Inf', eth2: '-3', eth3: '4', eth4: '1e300', eth5: '' };
  const { client, registry, window } = await start(vector(values));
  const left = (why: string) =>
    metricOf(registry, `levitate_telemetry_prometheus_left_out_total{why="${why}"}`);
  await expect.poll(() => left('impossible-value'), { timeout }).toBeGreaterThan(1);
  expect(await left('not-a-number')).toBeGreaterThan(2);
  expect((await client.listLinks({})).links.map(({ link }) => link)).toEqual(['a:9100/eth3']);
  expect((await window('a:9100/eth3'))[0]).toMatchObject({ queueBytes: 4, intervalMs: 100 });
});

it('after an outage the round that works asks for what was missed', async () => {
  const { fake, readiness, why, window } = await start(vector({ eth0: '1' }));
  await expect.poll(() => readiness.isReady, { timeout }).toBe(true);
  fake.answer = status(500);
  await expect.poll(why, { timeout }).toContain('HTTP 500');
  const before = (await window('a:9100/eth0')).at(-1)?.timeUnixMs ?? 0;
  await expect
    .poll(() => fake.calls.filter(({ call }) => call === 'query_range').length, {
      timeout,
    })
    .toBeGreaterThan(2);
  fake.calls.length = 0;
  fake.answer = vector({ eth0: '2' });
  await expect.poll(() => readiness.isReady, { timeout }).toBe(true);
  const { form } = fake.calls[0] ?? {};
  expect(fake.calls[0]?.call).toBe('query_range');
  expect(Number(form?.get('step'))).toBe(0.1);
  // No step of it was in the window already, and none is missing between.
  expect(Number(form?.get('start')) * 1000).toBeGreaterThan(before - 1);
  expect(Number(form?.get('start')) * 1000).toBeLessThan(before + 201);
});

it('a round without trouble asks for the present alone, placeholders filled in', async () => {
  const { fake, readiness } = await start(vector({ eth0: '1' }), { selector: 'device="a$&"' });
  await expect.poll(() => readiness.isReady, { timeout }).toBe(true);
  await expect.poll(() => fake.calls.at(-1)?.call, { timeout }).toBe('query');
  const form = fake.calls.at(-1)?.form;
  expect(form?.get('query')).toBe('my_queue{device="a$&"}[1000ms] 100ms');
  expect(form?.get('timeout')).toBe('5000ms');
});

it('series that make no link, or one link twice, are said', async () => {
  const unnamed = await start(vector({ eth0: '1' }), { link: '{pod}' });
  await expect.poll(unnamed.why, { timeout }).toContain('lack the labels of prometheus.link');
  const twice = await start(vector({ eth0: '1', eth1: '2' }), { link: '{instance}' });
  await expect.poll(twice.why, { timeout }).toContain('add a label to prometheus.link');
});

function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-prometheus-'));
  afterTest(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secret');
  writeFileSync(file, content);
  return file;
}

function half(response: Parameters<FakeAnswer>[0]): void {
  response.writeHead(200, { 'content-length': 1000 });
  response.write('{"status":');
  setTimeout(() => response.destroy(), 20);
}

function noHttp(response: Parameters<FakeAnswer>[0]): void {
  response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n');
}

function scalar(): object {
  return { status: 'success', data: { resultType: 'scalar', result: [1, '1'] } };
}

function drained(response: Parameters<FakeAnswer>[0]): Promise<void> {
  return new Promise((resolve) => void response.once('drain', resolve));
}
