import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { realInflux } from '@levitate/testing';
import { afterTest } from './start-for-test.ts';

/** @see startInflux */
export interface InfluxForTestOptions {
  /** Users and passwords are asked for. */
  auth?: boolean;
  /** Largest body of a write, bytes; 0 for any. */
  maxBodySize?: number;
  /** PEM file with certificate and key, for TLS. */
  certificate?: string;
}

/** An InfluxDB 1.x of the test's own, with data of its own that outlives a crash. */
export async function startInflux(options: InfluxForTestOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-influxd-'));
  const [http = 0, rpc = 0] = await freePorts(2);
  writeFileSync(join(folder, 'influxdb.conf'), configuration({ ...options, folder, http, rpc }));
  const scheme = options.certificate === undefined ? 'http' : 'https';
  const url = `${scheme}://127.0.0.1:${http}`;
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn(realInflux.path, ['-config', join(folder, 'influxdb.conf')], {
      stdio: 'ignore',
      env: { HOME: folder },
    });
    await accepts(http);
  };
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  };
  afterTest(() => rmSync(folder, { recursive: true, force: true }));
  afterTest(kill);
  await start();
  return {
    url,
    start,
    kill,
    /** Runs InfluxQL. @returns rows of the first result, without their columns' names */
    async query(q: string, db = 'levitate'): Promise<unknown[][]> {
      const parameters = new URLSearchParams({ db, q, epoch: 'u' });
      const response = await fetch(`${url}/query?u=admin&p=secret`, {
        method: 'POST',
        body: parameters,
      });
      const { results, error } = (await response.json()) as QueryAnswer;
      const failure = error ?? results?.[0]?.error;
      if (failure !== undefined) throw new Error(failure);
      return (results?.[0]?.series ?? []).flatMap(({ values }) => values);
    },
  };
}

interface QueryAnswer {
  error?: string;
  results?: { error?: string; series?: { values: unknown[][] }[] }[];
}

function configuration(
  parts: InfluxForTestOptions & { folder: string; http: number; rpc: number },
): string {
  const { folder, http, rpc, auth = false, maxBodySize = 0, certificate } = parts;
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
dir = "${folder}/meta"
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${http}"
auth-enabled = ${auth}
max-body-size = ${maxBodySize}
https-enabled = ${certificate !== undefined}
https-certificate = "${certificate ?? ''}"
`;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Over TLS too: it listens when it is ready. */
async function accepts(port: number): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (performance.now() < deadlineMs) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isUp) return;
    await delay(50);
  }
  throw new Error('influxd did not listen within 60 s');
}
