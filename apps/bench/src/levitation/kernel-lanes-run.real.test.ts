import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listNamespaces } from '@levitate/kernel';
import { realKernelLab } from '@levitate/testing';
import { planTraffic } from '@levitate/traffic';
import { expect } from 'vitest';
import type { Cell } from './kernel-lanes-cells.ts';
import type { LaneRecord } from './kernel-lanes-record.ts';
import { type PhaseOptions, runPhase } from './kernel-lanes-run.ts';
import { scoreTrace } from './kernel-lanes-score.ts';

const { it } = realKernelLab;

/**
 * One trace of bursts that 512 KB cannot hold, through a lane of each of two controllers and two
 * undriven ones; long enough for services that start slowly on a busy machine.
 */
const durationMs = 27_000;
const cell: Cell = {
  key: 'periodic',
  drainBytesPerSecond: 12.5e6,
  budgetBytes: 1.875e6,
  rules: ['reactive', 'predictive-statistical', 'static-default', 'static-at-budget'],
  traces: [
    planTraffic({
      kind: 'periodic',
      seed: 5,
      durationMs,
      intervalS: [3, 3],
      warmupMs: 3_000,
      decoys: false,
      burst: { by: 'excess', shareOfBudget: [0.7, 0.8] },
    }),
  ],
};

function options(directory: string, over: Partial<PhaseOptions> = {}): PhaseOptions {
  const signal = new AbortController().signal;
  return { labId: `bt${process.pid}`, directory, signal, onShare: () => {}, ...over };
}

async function inFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'kernel-lanes-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function limits(records: readonly LaneRecord[], rule: string): Set<number> {
  return new Set(records.find((record) => record.rule === rule)?.limitBytes);
}

it('two controllers drive lanes of one agent and leave the others alone', async () => {
  const run = await inFolder((directory) =>
    runPhase({ cells: [cell], durationMs }, options(directory)),
  );
  const [trace] = run.traces;
  if (trace === undefined) throw new Error('a phase of one trace has one');
  const records = trace.lanes.map(({ record }) => record);
  expect(limits(records, 'static-default')).toEqual(new Set([524_288]));
  expect(limits(records, 'static-at-budget')).toEqual(new Set([1_875_000]));
  expect(Math.max(...limits(records, 'reactive'))).toBeGreaterThan(700_000);
  expect(Math.max(...limits(records, 'predictive-statistical'))).toBeGreaterThan(700_000);

  // Late bursts are void on a busy machine; the drops are in the record either way.
  const dropped = (rule: string) =>
    records.find((record) => record.rule === rule)?.dropped.at(-1) ?? -1;
  expect(dropped('static-default')).toBeGreaterThan(100);
  expect(dropped('static-at-budget')).toBe(0);
  const score = scoreTrace(trace, { first: 0 });
  expect(score.bursts.length + score.voidBursts).toBeGreaterThan(0);
  const loop = [
    'predictor',
    'predictor-statistical',
    'fsu-controller',
    'fsu-controller-statistical',
  ];
  expect(Object.keys(run.cpu)).toEqual(['ebpf-agent', 'telemetry', ...loop]);
  expect(Object.keys(run.models.learned ?? {}).join()).toContain('burst@');
  expect(run.models.statistical).toEqual({});
  expect(run.stolen).toBeGreaterThanOrEqual(0);
  expect(listNamespaces().filter((name) => name.includes(`bt${process.pid}`))).toEqual([]);
});

it('an interrupted phase leaves nothing behind', async () => {
  const interrupted = new AbortController();
  const onShare = () => interrupted.abort(new Error('enough'));
  const run = inFolder((directory) =>
    runPhase(
      { cells: [cell], durationMs },
      options(directory, { signal: interrupted.signal, onShare }),
    ),
  );
  await expect(run).rejects.toThrow();
  expect(listNamespaces().filter((name) => name.includes(`bt${process.pid}`))).toEqual([]);
});
