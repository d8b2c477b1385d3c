import { expect, it } from 'vitest';
import type { TrainingProgress } from '../training.ts';
import { StageProgress } from './stage-progress.ts';

it('shows 250 updates as an epoch and how long the rest takes at this pace', () => {
  const shown: TrainingProgress[] = [];
  let now = 1000;
  const progress = new StageProgress({
    stage: 'member-1',
    updates: 1000,
    progress: (one) => shown.push(one),
    nowMs: () => now,
  });
  now = 11_000;
  progress.show(251, 0.5);
  expect(shown[0]).toMatchObject({ epoch: 2, epochs: 4, step: 1, steps: 250, loss: 0.5 });
  expect(shown[0]?.etaSeconds).toBeCloseTo((10 / 251) * 749, 6);
});
