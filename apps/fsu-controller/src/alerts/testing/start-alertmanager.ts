import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { realAlertmanager } from '@levitate/testing';

/** An alert as `GET /api/v2/alerts` gives it. */
export interface GettableAlert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: { readonly state: string };
}

/** An Alertmanager of the test's own; nothing of it stays. */
export class RealAlertmanager implements AsyncDisposable {
  #folder = '';
  #address = '127.0.0.1:0';
  #server: ChildProcess | undefined;

  /** Starts one that passes every alert on at once. @param forwardTo URL of a webhook */
  static async start(forwardTo: string): Promise<RealAlertmanager> {
    const alertmanager = new RealAlertmanager();
    alertmanager.#folder = await mkdtemp(join(tmpdir(), 'levitate-alertmanager-'));
    const config = {
      route: { receiver: 'test', group_by: ['...'], group_wait: '0s', group_interval: '1s' },
      receivers: [{ name: 'test', webhook_configs: [{ url: forwardTo, send_resolved: true }] }],
    };
    // JSON is YAML too.
    await writeFile(join(alertmanager.#folder, 'alertmanager.yml'), JSON.stringify(config));
    await alertmanager.restart();
    return alertmanager;
  }

  get url(): string {
    return `http://${this.#address}`;
  }

  /** Starts it again where it was. */
  async restart(): Promise<void> {
    const flags = [
      `--config.file=${join(this.#folder, 'alertmanager.yml')}`,
      `--storage.path=${join(this.#folder, 'data')}`,
      `--web.listen-address=${this.#address}`,
      '--cluster.listen-address=',
    ];
    const server = spawn(realAlertmanager.path, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#server = server;
    const log: string[] = [];
    for await (const line of createInterface({ input: server.stderr })) {
      log.push(line);
      const address = /msg="?Listening on"? address=(\S+)/.exec(line)?.[1];
      if (address === undefined) continue;
      this.#address = address;
      server.stderr.resume();
      return;
    }
    throw new Error(`alertmanager ended: ${log.join('\n')}`);
  }

  /** Ends it as a crash would. */
  async crash(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  }

  /** The alerts that it holds. */
  async alerts(): Promise<GettableAlert[]> {
    const answer = await fetch(`${this.url}/api/v2/alerts`);
    return (await answer.json()) as GettableAlert[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
