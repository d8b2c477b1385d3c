import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cosineSchedule } from './schedule.ts';
import { train } from './train.ts';
import type { TrainOptions, TrainOutcome, TrainProgress } from './train-options.ts';

const module = new URL('../testing/echo-task.ts', import.meta.url);
const options: TrainOptions = {
  task: { module, options: { seed: 'echo', trainingCount: 96 } },
  kernel: 'wasm',
  workers: 2,
  seed: 'training',
  batch: 16,
  epochs: 4,
  patience: 4,
  schedule: cosineSchedule({ peak: 0.02 }),
  clipNorm: 1,
  signal: new AbortController().signal,
  onProgress: () => {},
};
const weightsOf = ({ parameters }: TrainOutcome) => parameters.flatMap(({ values }) => [...values]);

describe('train', () => {
  let whole: TrainOutcome;
  beforeAll(async () => {
    whole = await train(options);
  });

  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'levitate-train-'));
    file = join(folder, 'checkpoint');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the same bytes for the same options, others for another seed', async () => {
    const second = await train(options);
    expect(weightsOf(second)).toEqual(weightsOf(whole));
    expect(second.history).toEqual(whole.history);
    const other = await train({ ...options, workers: 1, epochs: 1, seed: 'another' });
    expect(weightsOf(other)).not.toEqual(weightsOf(whole));
  });

  it('interrupted and carried on, it gives the bytes of a training in one piece', async () => {
    const controller = new AbortController();
    const interrupted = train({
      ...options,
      checkpoint: file,
      signal: controller.signal,
      onProgress: ({ epoch, step }) => {
        if (epoch === 3 && step === 2) controller.abort(new Error('enough for today'));
      },
    });
    await expect(interrupted).rejects.toThrow('enough for today');
    const reports: TrainProgress[] = [];
    const onProgress = (progress: TrainProgress) => reports.push(progress);
    const resumed = await train({ ...options, checkpoint: file, onProgress });
    expect(reports[0]?.epoch).toBe(3);
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
    expect(resumed.history).toEqual(whole.history);
    expect(resumed.bestEpoch).toBe(whole.bestEpoch);
  });

  it('learns, reports each step, and keeps the best epoch', async () => {
    const reports: TrainProgress[] = [];
    const onProgress = (progress: TrainProgress) => reports.push(progress);
    const { history, bestEpoch } = await train({ ...options, epochs: 12, workers: 1, onProgress });
    expect(reports).toHaveLength(12 * 6);
    expect(reports.at(-1)).toMatchObject({
      epoch: 12,
      epochs: 12,
      step: 6,
      steps: 6,
      etaSeconds: 0,
    });
    expect(reports.filter(({ validation }) => validation !== undefined)).toHaveLength(12);
    const scores = history.map(({ validation }) => validation);
    expect(scores[bestEpoch - 1]).toBe(Math.min(...scores));
    expect(scores.at(-1)).toBeLessThan(0.8 * (scores[0] as number));
  });

  it('stops when no epoch of the last ones was better', async () => {
    const still = { ...options, workers: 1, epochs: 9, patience: 2, schedule: () => 0 };
    const { history, bestEpoch } = await train(still);
    expect([history.length, bestEpoch]).toEqual([3, 1]);
  });

  it('passes on what the task threw', async () => {
    const task = { module, options: { seed: 'echo', trainingCount: 96, failsAt: 3 } };
    await expect(train({ ...options, workers: 1, task })).rejects.toThrow('no batch 3 here');
  });

  it('a training that diverges says so', async () => {
    const wild = {
      ...options,
      workers: 1,
      schedule: () => 1e30,
      clipNorm: Number.POSITIVE_INFINITY,
    };
    await expect(train(wild)).rejects.toThrow(RangeError);
  });
});
