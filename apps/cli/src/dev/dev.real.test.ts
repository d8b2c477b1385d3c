import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostLink } from '../host-text.ts';
import type { SourceState } from '../live/source-state.ts';
import type { DevEvent } from './dev-report.ts';

const main = new URL('../main.ts', import.meta.url).pathname;
const startTimeoutMs = 90_000;
const stopTimeoutMs = 30_000;
let runtime = '';
const started: Dev[] = [];

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'levitate-dev-test-'));
});
afterEach(async () => {
  for (const dev of started.splice(0)) await dev.end();
  rmSync(runtime, { recursive: true, force: true });
});

/** One `levitate dev -o json`, watched. */
class Dev {
  readonly child: ChildProcess;
  readonly events: DevEvent[] = [];
  #open = '';
  #errors = '';

  constructor(...flags: string[]) {
    // Away from the default ports, which a person at this machine may be using.
    const args = [main, 'dev', '-o', 'json', '--port', '27410', ...flags];
    this.child = spawn(process.execPath, args, {
      env: environment(),
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
    started.push(this);
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

  async interrupt(): Promise<number | null> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGINT');
    const [code] = await ended;
    return code;
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.interrupt();
    }
  }
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, XDG_RUNTIME_DIR: runtime };
}

/** Every process whose arguments name our own run: the services and the agent's supervisor. */
function processesOfRun(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(runtime) ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

async function json(url: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  return (await answer.json()) as Record<string, unknown>;
}

function levitate(...args: string[]): string {
  return execFileSync(process.execPath, [main, ...args], { env: environment(), encoding: 'utf8' });
}

describe('levitate dev with the simulated kernel', () => {
  it('shows moving data, is found by status and fsu, and leaves nothing', async () => {
    const dev = new Dev('--simulated');
    const { url } = await dev.until('dashboard');
    expect(dev.all('kernel')).toMatchObject([
      { kind: 'simulated', why: expect.stringContaining('--simulated') },
    ]);
    expect(
      dev
        .all('ready')
        .map(({ service }) => service)
        .sort(),
    ).toEqual(['dashboard', 'ebpf-agent', 'fsu-controller', 'predictor', 'telemetry'].sort());
    await expect
      .poll(() => newestSamples(`${url}/api/lanes`), { timeout: 30_000 })
      .toEqual({ kernel: 'simulated', lanes: ['predictive', 'reactive'], areMoving: true });
    const { services, host } = JSON.parse(levitate('status', '-o', 'json'));
    expect(services).toHaveLength(5);
    const driven = host.links.map((each: HostLink) => [each.link, each.actuator.kind]);
    expect(driven.sort()).toEqual([
      ['predictive', 'simulated'],
      ['reactive', 'simulated'],
    ]);
    expect(levitate('fsu', 'status')).toMatch(/^predictive +enforce/m);
    const top = JSON.parse(levitate('top', '--once', '-o', 'json', '--sort', 'link'));
    expect(top.sources.map((each: SourceState) => each.state)).toEqual(Array(3).fill('flowing'));
    expect(top.links).toMatchObject([
      { link: 'predictive', actuator: 'simulated', target: 'predictive', mode: 'enforce' },
      { link: 'reactive', actuator: 'simulated', forecast: 'not wanted' },
    ]);
    for (const { throughputBytesPerSecond } of top.links) {
      expect(throughputBytesPerSecond).toBeGreaterThan(0);
    }
    const tapped = levitate('tap', 'samples', '--link', 'pre*', '--limit', '3', '-o', 'jsonl');
    const samples = tapped.trim().split('\n');
    expect(samples.map((line) => JSON.parse(line).link)).toEqual(Array(3).fill('predictive'));
    expect(levitate('tap', 'decisions', '--limit', '1')).toMatch(/ decision (re|p)/);
    expect(await dev.interrupt()).toBe(0);
    expect(dev.events.at(-1)).toEqual({ event: 'over' });
    expect(processesOfRun()).toEqual([]);
    expect(readdirSync(runtime)).toEqual([]);
  });

  it('tells the death of a service and starts it again', async () => {
    const dev = new Dev('--simulated');
    await dev.until('dashboard');
    const killed = dev.pidOf('telemetry');
    process.kill(killed, 'SIGKILL');
    expect(await dev.until('died')).toMatchObject({ service: 'telemetry', why: 'signal SIGKILL' });
    await dev.until('ready', 6);
    expect(dev.pidOf('telemetry')).not.toBe(killed);
  });

  it('killed itself, it leaves no process, and the next start removes its files', async () => {
    const first = new Dev('--simulated');
    await first.until('dashboard');
    first.child.kill('SIGKILL');
    await expect.poll(processesOfRun, { timeout: stopTimeoutMs }).toEqual([]);
    expect(readdirSync(join(runtime, 'levitate', 'dev'))).toHaveLength(1);
    const second = new Dev('--simulated');
    expect(await second.until('cleaned')).toMatchObject({ runs: 1 });
    await second.until('dashboard');
    expect(await second.interrupt()).toBe(0);
    expect(readdirSync(runtime)).toEqual([]);
  });
});

realKernelLab.describe('levitate dev with the real kernel', () => {
  it('makes its namespaces, drives their queues, and puts everything away', async () => {
    const dev = new Dev();
    const { url } = await dev.until('dashboard');
    expect(dev.all('kernel')).toMatchObject([{ kind: 'real' }]);
    expect(namespacesOf(dev)).toHaveLength(3);
    await expect
      .poll(() => newestSamples(`${url}/api/lanes`), { timeout: 30_000 })
      .toEqual({ kernel: 'real', lanes: ['predictive', 'reactive'], areMoving: true });
    expect(await dev.interrupt()).toBe(0);
    expect(namespacesOf(dev)).toEqual([]);
    expect(processesOfRun()).toEqual([]);
  });

  it('killed together with the owner of its namespaces, the next start removes them', async () => {
    const first = new Dev();
    await first.until('dashboard');
    process.kill(first.pidOf('kernel-lab'), 'SIGKILL');
    first.child.kill('SIGKILL');
    await expect.poll(processesOfRun, { timeout: stopTimeoutMs }).toEqual([]);
    expect(namespacesOf(first)).toHaveLength(3);
    const second = new Dev('--simulated');
    expect(await second.until('cleaned')).toMatchObject({
      runs: 1,
      labs: [`dev-${first.child.pid}`],
    });
    expect(namespacesOf(first)).toEqual([]);
  });
});

function namespacesOf(dev: Dev): string[] {
  if (!existsSync('/run/netns')) return [];
  return readdirSync('/run/netns').filter((name) => name.startsWith(`lev-dev-${dev.child.pid}-`));
}

interface Lanes {
  state: { kernel: string };
  lanes: { name: string; samples: { throughputBytesPerSecond: number | null }[] }[];
}

async function newestSamples(url: string) {
  const { state, lanes } = (await json(url)) as unknown as Lanes;
  const areMoving = lanes.every(({ samples }) =>
    samples.some((each) => (each.throughputBytesPerSecond ?? 0) > 0),
  );
  return { kernel: state.kernel, lanes: lanes.map(({ name }) => name).sort(), areMoving };
}
