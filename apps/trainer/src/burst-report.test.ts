import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { burstLstmSpec } from '@levitate/models';
import { Network, openKernel } from '@levitate/neural';
import { expect, it, onTestFinished } from 'vitest';
import type { BurstJudgement } from './burst-judgement.ts';
import { writeBurstReport } from './burst-report.ts';
import type { TrainedCandidate } from './burst-training.ts';
import type { TrainingContext } from './training.ts';

const spec = burstLstmSpec({ units: 4, layers: 1 });
const trained: TrainedCandidate = {
  candidate: { family: 'lstm', spec, answers: 'every', epochs: 9, peak: 1e-3 },
  network: new Network(spec, { kernel: await openKernel('wasm'), seed: 1 }),
  outcome: {
    bestEpoch: 2,
    history: [
      { epoch: 1, loss: 0.9, validation: 0.8 },
      { epoch: 2, loss: 0.51, validation: 0.62 },
    ],
  } as TrainedCandidate['outcome'],
};

const figures = { precision: 0.96, recall: 0.9, lead_s: 4.2, brier_skill: 0.31, ece: 0.02 };
const judgement: BurstJudgement = {
  split: 'by seed',
  classes: {
    precursor: {
      winner: 'learned',
      chosenBy: 'brier_skill',
      validation: { learned: figures },
      test: { learned: { ...figures, precision: 0.975 } },
    },
  },
  ece: 0.02,
  claim: { level: 0.95, episodes: 40, hits: 38, lowerBound: 0.83, verdict: 'not established' },
  families: { lstm: 0.287 },
  stated: {
    precursor: Array.from({ length: 200 }, (_, at) => ({
      probability: (at % 10) / 10,
      cameTrue: at % 3 === 0,
    })),
  },
  example: { probabilities: [0.1, 0.2, 0.9], onsetsS: [2.5] },
};

it('says who serves, how sure that is, and shows it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-burst-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const context = { seed: 5, workers: 1, reportDirectory: folder } as TrainingContext;
  const settings = { slope: 1.234, intercept: -0.5, announceFrom: 0.8 };
  const files = writeBurstReport({ context, trained: [trained], settings, judgement });
  const text = readFileSync(join(folder, 'report.md'), 'utf8');
  expect(text).toContain('levitate train burst --seed 5 --workers 1');
  expect(text).toContain('### precursor: learned serves');
  expect(text).toContain('| learned | 0.975 | 0.900 | 4.200 | 0.310 | 0.020 |');
  // The best epoch's losses, not the last one's that was planned.
  expect(text).toContain('| lstm | 2 | 9 | 0.510 | 0.620 | 0.287 |');
  expect(text).toContain('slope 1.234');
  expect(text).toMatch(/38 of 40 alarm episodes/);
  expect(text).toContain('0.8300: not established');
  const shown = [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => file);
  expect(shown).toHaveLength(3);
  for (const file of shown) expect(files).toContain(join(folder, file ?? ''));
  for (const file of files.slice(1)) expect(readFileSync(file, 'utf8')).toContain('<svg');
});
