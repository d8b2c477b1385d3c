import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { DevEvent } from '../dev-report.ts';

const main = new URL('../../main.ts', import.meta.url).pathname;
const startTimeoutMs = 90_000;

/** A user's machine of its own, as far as `levitate dev` can tell: its folders for a run. */
export class DevPlace {
  readonly runtime = mkdtempSync(join(tmpdir(), 'levitate-dev-test-'));
  readonly #started: Dev[] = [];
  readonly #env: NodeJS.ProcessEnv;

  /** @param env of this process */
  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
    // PostgreSQL does not run as root, and has its files below.
    chmodSync(this.runtime, 0o711);
  }

  /** `levitate dev` with these flags. */
  start(...flags: string[]): Dev {
    const dev = new Dev(this.#environment(), flags);
    this.#started.push(dev);
    return dev;
  }

  /** Another command, to its end. @returns what it printed */
  levitate(...args: string[]): string {
    const env = this.#environment();
    return execFileSync(process.execPath, [main, ...args], { env, encoding: 'utf8' });
  }

  /** Every process whose arguments name our own runs: services, systems, supervisors. */
  processes(): string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
          return line.includes(this.runtime) ? [`${pid} ${line}`] : [];
        } catch {
          return [];
        }
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const dev of this.#started) await dev.end();
    rmSync(this.runtime, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    const { PATH, HOME } = this.#env;
    return { PATH, HOME, XDG_RUNTIME_DIR: this.runtime, TMPDIR: this.runtime };
  }
}

/** One `levitate dev -o json`, watched. */
export class Dev {
  readonly child: ChildProcess;
  readonly events: DevEvent[] = [];
  #open = '';
  #errors = '';

  constructor(env: NodeJS.ProcessEnv, flags: readonly string[]) {
    // Away from the default ports, which a person at this machine may be using.
    const args = [main, 'dev', '-o', 'json', '--port', '27410', ...flags];
    this.child = spawn(process.execPath, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk;
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (this.#open + chunk).split('\n');
      this.#open = lines.pop() ?? '';
      for (const line of lines) this.events.push(JSON.parse(line));
    });
  }

  all<Name extends DevEvent['event']>(name: Name) {
    return this.events.filter((each) => each.event === name) as Extract<
      DevEvent,
      { event: Name }
    >[];
  }

  async until<Name extends DevEvent['event']>(name: Name, count = 1) {
    await expect
      .poll(() => (this.child.exitCode === null ? this.all(name).length : this.#errors), {
        timeout: startTimeoutMs,
        interval: 100,
      })
      .toBeGreaterThanOrEqual(count);
    return this.all(name)[count - 1] as Extract<DevEvent, { event: Name }>;
  }

  pidOf(service: string): number {
    return this.all('ready').findLast((each) => each.service === service)?.pid ?? 0;
  }

  async interrupt(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<number | null> {
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = await ended;
    return code;
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.interrupt();
    }
  }
}
