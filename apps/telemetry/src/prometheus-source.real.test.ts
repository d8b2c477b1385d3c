import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realPrometheus } from '@levitate/testing';
import { expect, it } from 'vitest';
import { afterTest, metricOf, startForTest } from './testing/start-for-test.ts';
import { startExporter, startPrometheus } from './testing/start-prometheus.ts';

const scrapeMs = 500;
const timeout = 60_000;
const settings = { interval_ms: 250, lookback_ms: 3000, link: '{device}' };

/** Two interfaces whose counters grow by a fixed amount per scrape. */
async function startNode() {
  const devices = new Set(['eth0', 'eth1', 'lo']);
  let scrapes = 0;
  const { target } = await startExporter(() => {
    scrapes += 1;
    const host = [
      `node_netstat_Tcp_ActiveOpens ${7 * scrapes}`,
      `node_netstat_Tcp_PassiveOpens ${4 * scrapes}`,
    ];
    return [...devices]
      .flatMap((device, index) => [
        `node_network_transmit_bytes_total{device="${device}"} ${(index + 1) * 100_000 * scrapes}`,
        `node_network_transmit_packets_total{device="${device}"} ${100 * scrapes}`,
        `node_network_transmit_drop_total{device="${device}"} ${3 * scrapes}`,
        `node_qdisc_drops_total{device="${device}",kind="tbf"} ${2 * scrapes}`,
        `node_qdisc_backlog{device="${device}",kind="tbf"} ${1000 * (index + 1)}`,
        `node_network_speed_bytes{device="${device}"} ${index === 0 ? 1.25e8 : -125_000}`,
      ])
      .concat(host);
  });
  return { target, devices };
}

realPrometheus.describe('a real Prometheus', () => {
  it('gives the links of node_exporter by the queries that are the defaults', async () => {
    const { target } = await startNode();
    const prometheus = await startPrometheus({ target, scrapeMs });
    const url = `http://${prometheus.host}`;
    const scrapesOf = (device: string) => rawScrapes(url, device);
    await expect.poll(async () => (await scrapesOf('eth1')).length, { timeout }).toBeGreaterThan(5);
    const startUnixMs = Date.now();
    const { client, readiness } = await startForTest({ prometheus: { url, ...settings } });
    const window = async (link: string) => (await client.getWindow({ link })).samples;
    const count = async () => (await window('eth1')).length;
    await expect.poll(count, { timeout }).toBeGreaterThan(6);
    const samples = await window('eth1');
    expect(readiness.isReady).toBe(true);
    expect((await client.listLinks({})).links.map(({ link, origin }) => [link, origin])).toEqual([
      ['eth0', 'SAMPLE_ORIGIN_PROMETHEUS'],
      ['eth1', 'SAMPLE_ORIGIN_PROMETHEUS'],
    ]);
    // What was scraped before telemetry started was asked for with a range query.
    expect(samples[0]?.timeUnixMs).toBeLessThan(startUnixMs);
    const scrapes = await scrapesOf('eth1');
    const first = scrapes.findIndex(({ unixMs }) => unixMs === samples[0]?.timeUnixMs);
    for (const [index, sample] of samples.entries()) {
      const scrape = scrapes[first + index];
      const previous = scrapes[first + index - 1];
      expect(sample.timeUnixMs).toBe(scrape?.unixMs);
      expect(sample).toMatchObject({ queueBytes: 2000 });
      expect(sample).not.toHaveProperty('drainBytesPerSecond');
      expect(sample).not.toHaveProperty('limitBytes');
      expect(sample).not.toHaveProperty('latencyP99Seconds');
      if (index === 0 || scrape === undefined || previous === undefined) continue;
      const seconds = (scrape.unixMs - previous.unixMs) / 1000;
      expect(sample.intervalMs).toBeCloseTo(seconds * 1000, 6);
      expect(sample.throughputBytesPerSecond).toBeCloseTo(
        (scrape.bytes - previous.bytes) / seconds,
        3,
      );
      expect(sample.packetsPerSecond).toBeCloseTo(100 / seconds, 6);
      expect(sample.connectionsPerSecond).toBeCloseTo(11 / seconds, 6);
      expect(sample.droppedPackets).toBeCloseTo(5, 6);
    }
    expect((await window('eth0')).at(-1)).toMatchObject({
      queueBytes: 1000,
      drainBytesPerSecond: 1.25e8,
    });
  });

  it('loses a device, its target, itself, and comes back, and never says zero', async () => {
    const node = await startNode();
    const prometheus = await startPrometheus({ target: node.target, scrapeMs });
    const url = `http://${prometheus.host}`;
    const { client, readiness, registry } = await startForTest({
      prometheus: { url, ...settings },
    });
    const newest = async (link: string) =>
      (await client.getWindow({ link })).samples.at(-1)?.timeUnixMs ?? 0;
    const why = () => readiness.components.find(({ ok }) => !ok)?.why ?? '';
    await expect.poll(() => newest('eth1'), { timeout }).toBeGreaterThan(0);
    node.devices.delete('eth1');
    const goneUnixMs = Date.now();
    await expect.poll(() => newest('eth0'), { timeout }).toBeGreaterThan(goneUnixMs + 4000);
    expect(await newest('eth1')).toBeLessThan(goneUnixMs + scrapeMs);
    node.devices.clear();
    await expect.poll(why, { timeout }).toMatch(/scraped within|no query finds/);
    const { samples } = await client.getWindow({ link: 'eth0' });
    const rates = samples.slice(1).map((sample) => sample.throughputBytesPerSecond);
    expect(rates.filter((rate) => rate === 0)).toEqual([]);
    node.devices.add('eth0');
    await expect.poll(() => readiness.isReady, { timeout }).toBe(true);
    await prometheus.crash();
    await expect.poll(why, { timeout }).toContain('ECONNREFUSED');
    const errors = 'levitate_telemetry_prometheus_query_errors_total{kind="unreachable"}';
    expect(await metricOf(registry, errors)).toBeGreaterThan(0);
    await prometheus.start();
    await expect.poll(() => readiness.isReady, { timeout }).toBe(true);
    const backUnixMs = Date.now();
    await expect.poll(() => newest('eth0'), { timeout }).toBeGreaterThan(backUnixMs);
  });

  it('is believed by its authority, and told a password, over TLS', async () => {
    const node = await startNode();
    const folder = mkdtempSync(join(tmpdir(), 'levitate-prometheus-tls-'));
    afterTest(() => rmSync(folder, { recursive: true }));
    makeCertificate(folder);
    const web = {
      tls_server_config: { cert_file: join(folder, 'cert.pem'), key_file: join(folder, 'key.pem') },
      // bcrypt of "levitate-test", of the lowest cost.
      basic_auth_users: {
        levitate: '$2b$04$abcdefghijklmnopqrstuus2eMpgrx1kxMYMr..U6RcQ20EqBIg5i',
      },
    };
    const { host } = await startPrometheus({ target: node.target, scrapeMs, web });
    const password_file = join(folder, 'password');
    writeFileSync(password_file, 'not it\n');
    const ca_file = join(folder, 'cert.pem');
    const access = { url: `https://${host}`, username: 'levitate', password_file };
    const started = await startForTest({ prometheus: { ...settings, ...access, ca_file } });
    const why = () => started.readiness.components[0]?.why ?? '';
    await expect.poll(why, { timeout }).toContain('HTTP 401');
    writeFileSync(password_file, 'levitate-test\n');
    await expect.poll(() => started.readiness.isReady, { timeout }).toBe(true);
    const stranger = await startForTest({ prometheus: { ...settings, ...access } });
    const whyNot = () => stranger.readiness.components[0]?.why ?? '';
    await expect.poll(whyNot, { timeout }).toContain('prometheus.ca_file');
    const errors = 'levitate_telemetry_prometheus_query_errors_total{kind="tls"}';
    expect(await metricOf(stranger.registry, errors)).toBeGreaterThan(0);
  });

  it('cannot evaluate one of the queries: that one is named, the others deliver', async () => {
    const node = await startNode();
    const { host } = await startPrometheus({ target: node.target, scrapeMs });
    const queries = { limit_bytes: 'sum by (', latency_p99_seconds: '1' };
    const { client, readiness } = await startForTest({
      prometheus: { url: `http://${host}`, ...settings, queries },
    });
    const count = async () => (await client.getWindow({ link: 'eth0' })).samples.length;
    await expect.poll(count, { timeout }).toBeGreaterThan(1);
    const why = readiness.components[0]?.why ?? '';
    expect(why).toContain('parse error');
    expect(why).toContain('prometheus.queries');
  });
});

/** What Prometheus holds of a device, as it scraped it. */
async function rawScrapes(url: string, device: string) {
  const query = `node_network_transmit_bytes_total{device="${device}"}[5m]`;
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await response.json()) as {
    data: { result: { values: [number, string][] }[] };
  };
  return (data.result[0]?.values ?? []).map(([seconds, bytes]) => ({
    unixMs: Math.round(seconds * 1000),
    bytes: Number(bytes),
  }));
}

function makeCertificate(folder: string): void {
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const subject = ['-subj', '/CN=prometheus', '-addext', names];
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
  execFileSync('openssl', ['req', '-x509', ...key, ...files, ...subject], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
