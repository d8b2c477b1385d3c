import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinkForecaster } from '@levitate/forecast';
import { listNamespaces } from '@levitate/kernel';
import { realKernelLab } from '@levitate/testing';
import { expect } from 'vitest';
import type { PhaseOptions } from './kernel-lanes-run.ts';
import { runKernelSplit, type SetPlan } from './kernel-split-run.ts';
import { ControlledSplit } from './shared-memory-split.ts';
import { MEMORY_SHARE, memoryOf, QUEUES, sharedTrace } from './shared-memory-trace.ts';

const { it } = realKernelLab;

/** Each queue has a burst or more that its floor cannot hold. */
const trace = sharedTrace({
  seed: 'a split of real queues',
  durationMs: 13_000,
  conditions: {
    drainBytesPerSecond: [12.5e6, 12.5e6],
    spreadMs: [55, 80],
    intervalS: [4, 6],
    warmupMs: 5_000,
  },
});
const memoryBytes = memoryOf(trace, MEMORY_SHARE);

function newSets(): SetPlan[] {
  const split = (forecasters?: LinkForecaster[]) => {
    return { split: new ControlledSplit({ memoryBytes, queues: QUEUES, forecasters }) };
  };
  const forecasters = trace.plans.map(() => new LinkForecaster({ link: 'test' }));
  return [
    { name: 'static_split', rule: { limitBytes: trace.plans.map(() => memoryBytes / QUEUES) } },
    { name: 'reactive_split', rule: split() },
    { name: 'predictive_split', rule: split(forecasters) },
  ];
}

async function inFolder<T>(work: (options: PhaseOptions) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'kernel-split-'));
  const { signal } = new AbortController();
  try {
    return await work({ labId: `ks${process.pid}`, directory, signal, onShare: () => {} });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

it('moves limits of real queues within the memory of their set, and puts them back', async () => {
  const run = await inFolder((options) => runKernelSplit({ trace, sets: newSets() }, options));
  const limitsOf = (name: 'static_split' | 'reactive_split' | 'predictive_split') =>
    (run.records.get(name) ?? []).map(({ limitBytes }) => limitBytes);
  for (const name of ['static_split', 'reactive_split', 'predictive_split'] as const) {
    const limits = limitsOf(name);
    expect(limits).toHaveLength(QUEUES);
    const sums = Array.from(limits[0] ?? [], (_, i) =>
      limits.reduce((sum, limit) => sum + (limit[i] ?? 0), 0),
    );
    expect(Math.max(...sums)).toBeLessThanOrEqual(memoryBytes);
    expect(limits.map((limit) => limit.at(-1))).toEqual(limits.map((limit) => limit[0]));
  }
  expect(new Set(limitsOf('static_split').flatMap((limit) => [...limit])).size).toBe(1);
  for (const name of ['reactive_split', 'predictive_split'] as const) {
    const moved = limitsOf(name).filter((limit) => new Set(limit).size > 1);
    expect(moved.length).toBeGreaterThan(0);
    expect(run.limitsMostBytes.get(name)).toBeLessThanOrEqual(memoryBytes);
  }
  expect(run.refused).toBe(0);
  expect(run.toChangeMs.length).toBeGreaterThan(0);
  expect(listNamespaces().filter((name) => name.includes(`ks${process.pid}`))).toEqual([]);
});

it('an interrupted run leaves nothing behind', async () => {
  const interrupted = new AbortController();
  const onShare = () => interrupted.abort(new Error('enough'));
  const { signal } = interrupted;
  const run = inFolder((options) =>
    runKernelSplit({ trace, sets: newSets() }, { ...options, signal, onShare }),
  );
  await expect(run).rejects.toThrow();
  expect(listNamespaces().filter((name) => name.includes(`ks${process.pid}`))).toEqual([]);
});
