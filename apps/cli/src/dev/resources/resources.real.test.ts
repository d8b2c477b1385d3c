import { readdirSync } from 'node:fs';
import { realHaproxy, realJvm, realPgbouncer } from '@levitate/testing';
import { expect, it } from 'vitest';
import { DevPlace } from '../testing/dev-place.ts';

const timeout = 120_000;
const programs = { 'jvm-heap': realJvm, haproxy: realHaproxy, pgbouncer: realPgbouncer };

interface Resources {
  resources: { name: string; kind: string; size: number; changes: number }[];
}

async function measured(url: string): Promise<Resources['resources']> {
  const answer = await fetch(`${url}/api/resources`, { signal: AbortSignal.timeout(5_000) });
  return ((await answer.json()) as Resources).resources;
}

it(
  'the kinds of resources are measured and changed under load, put back, and nothing of it stays',
  async () => {
    await using place = new DevPlace(process.env);
    const dev = place.start('--simulated', '--resources');
    const { url } = await dev.until('resources');
    const told = dev.all('resource').filter(({ kind }) => kind !== 'buffer');
    const here = told.map(({ resource }) => resource);
    const missing = Object.entries(programs).filter(([, { missing }]) => missing !== undefined);
    const isMissing = (name: string) => missing.some(([each]) => each === name);
    expect(dev.all('left-out').filter(({ resource }) => !isMissing(resource))).toEqual([]);
    expect(here).toContain('worker-pool');
    const dashboard = new URL(url).origin;
    const all = ['reactive', 'predictive', ...here].sort();
    await expect
      .poll(
        async () => {
          const resources = await measured(dashboard);
          const sizes = resources.filter(({ size }) => size > 0).map(({ name }) => name);
          const changed = resources.some((each) => each.kind !== 'buffer' && each.changes > 0);
          return { sizes: sizes.sort(), changed };
        },
        { timeout, interval: 250 },
      )
      .toEqual({ sizes: all, changed: true });
    expect(await dev.interrupt('SIGTERM')).toBe(0);
    const ends = dev.all('put-back');
    expect(ends.map(({ resource }) => resource).sort()).toEqual([...here].sort());
    for (const { original, size } of ends) expect(size).toBe(original);
    expect(dev.events.at(-1)).toEqual({ event: 'over' });
    expect(place.processes()).toEqual([]);
    expect(readdirSync(place.runtime)).toEqual([]);
  },
  2 * timeout,
);
