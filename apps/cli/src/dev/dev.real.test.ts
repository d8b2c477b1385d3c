import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostLink } from '../host-text.ts';
import type { SourceState } from '../live/source-state.ts';
import { type Dev, DevPlace } from './testing/dev-place.ts';

const stopTimeoutMs = 30_000;
let place: DevPlace;

beforeEach(() => {
  place = new DevPlace(process.env);
});
afterEach(() => place[Symbol.asyncDispose]());

async function json(url: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  return (await answer.json()) as Record<string, unknown>;
}

describe('levitate dev with the simulated kernel', () => {
  it('shows moving data, is found by status and fsu, and leaves nothing', async () => {
    const dev = place.start('--simulated');
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
    const { services, host } = JSON.parse(place.levitate('status', '-o', 'json'));
    expect(services).toHaveLength(5);
    const driven = host.links.map((each: HostLink) => [each.link, each.actuator.kind]);
    expect(driven.sort()).toEqual([
      ['predictive', 'simulated'],
      ['reactive', 'simulated'],
    ]);
    expect(place.levitate('fsu', 'status')).toMatch(/^predictive +enforce/m);
    const top = JSON.parse(place.levitate('top', '--once', '-o', 'json', '--sort', 'link'));
    expect(top.sources.map((each: SourceState) => each.state)).toEqual(Array(3).fill('flowing'));
    expect(top.links).toMatchObject([
      { link: 'predictive', actuator: 'simulated', target: 'predictive', mode: 'enforce' },
      { link: 'reactive', actuator: 'simulated', forecast: 'not wanted' },
    ]);
    for (const { throughputBytesPerSecond } of top.links) {
      expect(throughputBytesPerSecond).toBeGreaterThan(0);
    }
    const tapped = place.levitate(
      'tap',
      'samples',
      '--link',
      'pre*',
      '--limit',
      '3',
      '-o',
      'jsonl',
    );
    const samples = tapped.trim().split('\n');
    expect(samples.map((line) => JSON.parse(line).link)).toEqual(Array(3).fill('predictive'));
    expect(place.levitate('tap', 'decisions', '--limit', '1')).toMatch(/ decision (re|p)/);
    expect(await dev.interrupt()).toBe(0);
    expect(dev.events.at(-1)).toEqual({ event: 'over' });
    expect(place.processes()).toEqual([]);
    expect(readdirSync(place.runtime)).toEqual([]);
  });

  it('tells the death of a service and starts it again', async () => {
    const dev = place.start('--simulated');
    await dev.until('dashboard');
    const killed = dev.pidOf('telemetry');
    process.kill(killed, 'SIGKILL');
    expect(await dev.until('died')).toMatchObject({ service: 'telemetry', why: 'signal SIGKILL' });
    await dev.until('ready', 6);
    expect(dev.pidOf('telemetry')).not.toBe(killed);
  });

  it('killed itself, it leaves no process, and the next start removes its files', async () => {
    const first = place.start('--simulated');
    await first.until('dashboard');
    first.child.kill('SIGKILL');
    await expect.poll(() => place.processes(), { timeout: stopTimeoutMs }).toEqual([]);
    expect(readdirSync(join(place.runtime, 'levitate', 'dev'))).toHaveLength(1);
    const second = place.start('--simulated');
    expect(await second.until('cleaned')).toMatchObject({ runs: 1 });
    await second.until('dashboard');
    expect(await second.interrupt()).toBe(0);
    expect(readdirSync(place.runtime)).toEqual([]);
  });
});

realKernelLab.describe('levitate dev with the real kernel', () => {
  it('makes its namespaces, drives their queues, and puts everything away', async () => {
    const dev = place.start();
    const { url } = await dev.until('dashboard');
    expect(dev.all('kernel')).toMatchObject([{ kind: 'real' }]);
    expect(namespacesOf(dev)).toHaveLength(3);
    await expect
      .poll(() => newestSamples(`${url}/api/lanes`), { timeout: 30_000 })
      .toEqual({ kernel: 'real', lanes: ['predictive', 'reactive'], areMoving: true });
    expect(await dev.interrupt()).toBe(0);
    expect(namespacesOf(dev)).toEqual([]);
    expect(place.processes()).toEqual([]);
  });

  it('killed together with the owner of its namespaces, the next start removes them', async () => {
    const first = place.start();
    await first.until('dashboard');
    process.kill(first.pidOf('kernel-lab'), 'SIGKILL');
    first.child.kill('SIGKILL');
    await expect.poll(() => place.processes(), { timeout: stopTimeoutMs }).toEqual([]);
    expect(namespacesOf(first)).toHaveLength(3);
    const second = place.start('--simulated');
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
