import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realInflux } from '@levitate/testing';
import { expect, it } from 'vitest';
import { afterTest, metricOf, startForTest } from './testing/start-for-test.ts';
import { startInflux } from './testing/start-influx.ts';

const timeout = 60_000;
const start = 1_700_000_000_000;

function samplesFrom(first: number, count: number, link = 'a') {
  return Array.from({ length: count }, (_, index) => ({
    link,
    timeUnixMs: start + (first + index) * 100 + 0.25,
    queueBytes: first + index,
    latencyP99Seconds: 0.001 * index,
    origin: 'SAMPLE_ORIGIN_PUSH' as const,
  }));
}

async function startWriting(url: string, over: Record<string, unknown> = {}) {
  const influx = { url, database: 'levitate', flush_interval_ms: 100, ...over };
  const started = await startForTest({ influx });
  const metric = (name: string) => metricOf(started.registry, `levitate_telemetry_influx_${name}`);
  return { ...started, metric };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'levitate-influx-'));
  afterTest(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

realInflux.describe('a real InfluxDB 1.x', () => {
  it('has every sample under its name, whatever is in the name', async () => {
    const influx = await startInflux();
    await influx.query('CREATE DATABASE levitate', '');
    const { client, metric } = await startWriting(influx.url);
    const names = ['plain', 'with space', 'a,b=c "d"', String.raw`back\slash`, 'Zürich'];
    const samples = names.flatMap((link, index) => samplesFrom(index, 1, link));
    await client.pushSamples({ samples });
    await expect.poll(() => metric('written_lines_total'), { timeout }).toBe(names.length);
    const tags = await influx.query('SHOW TAG VALUES FROM levitate_link WITH KEY = link');
    expect(tags.map(([, name]) => name).sort()).toEqual(names.toSorted());
    const rows = await influx.query(
      `SELECT queue_bytes, latency_p99_seconds, queue_packets FROM levitate_link
       WHERE link = 'with space' AND origin = 'push'`,
    );
    // A value that was not measured is none here either.
    expect(rows).toEqual([[start * 1000 + 100_250, 1, 0, null]]);
  });

  it('killed and started again it has every sample once', async () => {
    const influx = await startInflux();
    await influx.query('CREATE DATABASE levitate', '');
    const { client, metric } = await startWriting(influx.url, { batch_lines: 50 });
    await client.pushSamples({ samples: samplesFrom(0, 100) });
    await expect.poll(() => metric('pending_lines'), { timeout }).toBe(0);
    await influx.kill();
    await client.pushSamples({ samples: samplesFrom(100, 200) });
    await expect.poll(() => metric('connected'), { timeout }).toBe(0);
    expect(await metric('pending_lines')).toBe(200);
    await influx.start();
    await expect.poll(() => metric('pending_lines'), { timeout }).toBe(0);
    expect(await metric('lost_lines_total')).toBe(0);
    const [row] = await influx.query('SELECT COUNT(queue_bytes) FROM levitate_link');
    expect(row?.[1]).toBe(300);
  });

  it('asks for a password: with the right one it takes lines, with another none', async () => {
    const influx = await startInflux({ auth: true });
    await influx.query("CREATE USER admin WITH PASSWORD 'secret' WITH ALL PRIVILEGES", '');
    await influx.query('CREATE DATABASE levitate', '');
    const password_file = join(folder(), 'password');
    writeFileSync(password_file, 'wrong\n');
    const access = { username: 'admin', password_file };
    const { client, metric, warnings } = await startWriting(influx.url, access);
    await client.pushSamples({ samples: samplesFrom(0, 5) });
    const refused = () => metric('refused_lines_total{reason="not_allowed"}');
    await expect.poll(refused, { timeout }).toBe(5);
    expect(warnings.join()).toContain('authorization failed');
    writeFileSync(password_file, 'secret\n');
    await client.pushSamples({ samples: samplesFrom(5, 5) });
    await expect.poll(() => metric('written_lines_total'), { timeout }).toBe(5);
  });

  it('without the database it refuses, and the text says so', async () => {
    const influx = await startInflux();
    const { client, metric, warnings } = await startWriting(influx.url);
    await client.pushSamples({ samples: samplesFrom(0, 5) });
    const refused = () => metric('refused_lines_total{reason="not_found"}');
    await expect.poll(refused, { timeout }).toBe(5);
    expect(warnings.join()).toContain('database not found');
  });

  it('a field of another type costs its lines and no others', async () => {
    const influx = await startInflux();
    await influx.query('CREATE DATABASE levitate', '');
    const body = 'levitate_link,link=a,origin=push queue_bytes="text" 1699999999999';
    const write = `${influx.url}/write?db=levitate&precision=ms`;
    expect((await fetch(write, { method: 'POST', body })).status).toBe(204);
    const { client, metric } = await startWriting(influx.url);
    const other = samplesFrom(0, 2, 'b').map(({ queueBytes: _, ...sample }) => sample);
    await client.pushSamples({ samples: [...samplesFrom(0, 3), ...other] });
    const refused = () => metric('refused_lines_total{reason="partial_write"}');
    await expect.poll(refused, { timeout }).toBe(3);
    expect(await metric('written_lines_total')).toBe(2);
  });

  it('what is too large for it is sent in parts', async () => {
    const influx = await startInflux({ maxBodySize: 2000 });
    await influx.query('CREATE DATABASE levitate', '');
    const { client, metric } = await startWriting(influx.url, { gzip: false });
    await client.pushSamples({ samples: samplesFrom(0, 200) });
    await expect.poll(() => metric('written_lines_total'), { timeout }).toBe(200);
    const [row] = await influx.query('SELECT COUNT(queue_bytes) FROM levitate_link');
    expect(row?.[1]).toBe(200);
  });

  it('over TLS it is believed by its authority alone', async () => {
    const files = folder();
    const [key, cert, both] = ['key.pem', 'cert.pem', 'both.pem'].map((name) => join(files, name));
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
    const files_ = ['-keyout', String(key), '-out', String(cert)];
    execFileSync('openssl', [...made, ...files_], { stdio: 'ignore' });
    writeFileSync(String(both), readFileSync(String(cert), 'utf8') + readFileSync(String(key)));
    const influx = await startInflux({ certificate: String(both) });
    const strangers = await startWriting(influx.url);
    await strangers.client.pushSamples({ samples: samplesFrom(0, 1) });
    await expect.poll(() => strangers.warnings.join(), { timeout }).toContain('self-signed');
    const { client, metric } = await startWriting(influx.url, { ca_file: cert });
    await client.pushSamples({ samples: samplesFrom(0, 1) });
    const answered = () => metric('refused_lines_total{reason="not_found"}');
    await expect.poll(answered, { timeout }).toBe(1);
  });
});
