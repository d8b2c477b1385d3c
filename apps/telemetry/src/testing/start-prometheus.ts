import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { realPrometheus } from '@levitate/testing';
import { afterTest } from './start-for-test.ts';

/** @see startPrometheus */
export interface PrometheusSettings {
  /** `host:port` of what it scrapes. */
  target: string;
  /** Time between two scrapes, milliseconds. */
  scrapeMs: number;
  /** Its web configuration: TLS, users. JSON, which is YAML too. */
  web?: object;
}

/** A Prometheus of the test's own in a folder of its own; nothing of it stays. */
export async function startPrometheus({ target, scrapeMs, web }: PrometheusSettings) {
  const directory = await mkdtemp(join(tmpdir(), 'levitate-prometheus-'));
  const file = (name: string): string => join(directory, name);
  const scrape = {
    global: { scrape_interval: `${scrapeMs}ms`, scrape_timeout: `${scrapeMs}ms` },
    scrape_configs: [{ job_name: 'node', static_configs: [{ targets: [target] }] }],
  };
  await writeFile(file('prometheus.yml'), JSON.stringify(scrape));
  await writeFile(file('web.yml'), JSON.stringify(web ?? {}));
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const flags = [
      `--config.file=${file('prometheus.yml')}`,
      `--web.config.file=${file('web.yml')}`,
      `--storage.tsdb.path=${file('tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ];
    server = spawn(realPrometheus.path, flags, { stdio: 'ignore' });
    await answers(server, port);
  };
  const crash = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  };
  afterTest(async () => {
    await crash();
    await rm(directory, { recursive: true, force: true });
  });
  await start();
  return { host: `127.0.0.1:${port}`, start, crash };
}

/** What node_exporter would expose: the test says which lines, afresh for every scrape. */
export async function startExporter(lines: () => string[]): Promise<{ target: string }> {
  const server = createHttpServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`${lines().join('\n')}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterTest(() => server.close().closeAllConnections());
  return { target: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Prometheus takes no port 0; between this and its start another may take the port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Any answer will do: with users configured it says 401, with TLS 400 to plain text. */
async function answers(server: ChildProcess, port: number): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (performance.now() < deadlineMs && server.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
    if (response !== undefined && response.status !== 503) return;
    await delay(50);
  }
  throw new Error(`prometheus did not answer on port ${port} (exit code ${server.exitCode})`);
}
