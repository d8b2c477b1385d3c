import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LiquidSetScore, riskCoverage } from '@levitate/models';
import type { LiquidNetwork, Network } from '@levitate/neural';
import { meanAccuracy } from './liquid-classes.ts';
import { writeAccuracyPicture, writeRiskPicture } from './liquid-pictures.ts';
import type { EnsembleSettings } from './train-ensemble.ts';

/** What the report is made of. */
export interface LiquidReportInput {
  /** Folder that receives the report and its pictures. */
  folder: string;
  seed: number;
  settings: EnsembleSettings;
  networks: readonly LiquidNetwork[];
  rival: Network;
  /** Numbers that the members learn together. */
  parameters: number;
  validation: readonly LiquidSetScore[];
  test: readonly LiquidSetScore[];
}

/** Write the report of a liquid training and its pictures. @returns paths of the files written */
export function writeLiquidReport(input: LiquidReportInput): string[] {
  const { folder, test } = input;
  const path = join(folder, 'report.md');
  writeFileSync(path, reportText(input));
  return [
    path,
    ...writeRiskPicture(join(folder, 'report-risk-coverage'), test),
    ...writeAccuracyPicture(join(folder, 'report-accuracy'), test),
  ];
}

/** The report itself. Pure. */
export function reportText(input: LiquidReportInput): string {
  const { seed, settings, networks, rival, parameters, validation, test } = input;
  const { members, size, updates, batch } = settings;
  const steps = (updates * batch * 128).toLocaleString('en');
  return [
    '# Liquid ensemble: report of its training',
    '',
    `Written by \`levitate train liquid --seed ${seed}\`; not edited by hand. The split is that of`,
    'the bandwidth training with the same seed, by trace; generated paths by seed.',
    '',
    `${members} closed-form continuous-time networks (CfC, float64) of ${size.units} neurons,`,
    `${size.motors} of them motor, wired by AutoNCP with sparsity ${size.sparsity}, each of its`,
    `own seed, wiring and bootstrap of the traces; ${networks[0]?.macs ?? 0} multiply-accumulates`,
    `a step and member. They learn ${parameters.toLocaleString('en')} numbers together; the LSTM`,
    `beside them learns ${rival.values.length.toLocaleString('en')}, on all traces. Each network`,
    `saw ${steps} seconds of paths, one stretch in three with up to half of its seconds left out.`,
    '',
    'Round trips are measured in the UCC set alone; loss and time of day in none: these inputs',
    'stay masked in service, because weights that never saw them say nothing about them.',
    '',
    '## Accuracy',
    '',
    '1 - WAPE of the mean of the next ten seconds. Who serves a class, and the learning rate of',
    'the LSTM, were chosen on the validation part (every fifth window); the test part (every',
    'second window) chose nothing.',
    '',
    '### Validation',
    '',
    ...accuracyTable(validation),
    '',
    '### Test',
    '',
    ...accuracyTable(test),
    '',
    '![Accuracy on the test part](report-accuracy.svg)',
    '',
    '## Risk and coverage',
    '',
    'Error of the most coherent share of the forecasts over that of all, test part. Coherence',
    'means something where this is below 1 and rises. First the ratio of WAPE, then of the mean',
    'absolute error, which also falls when slow paths are kept and rises when fast ones are.',
    '',
    ...riskTable(test),
    '',
    '![Risk over coverage](report-risk-coverage.svg)',
    '',
  ].join('\n');
}

function accuracyTable(scores: readonly LiquidSetScore[]): string[] {
  const mean = meanAccuracy(scores);
  const names = Object.keys(mean);
  const sets = scores.map(({ set }) => set);
  const rows = names.map((name) => {
    const own = scores.map(({ accuracy }) => (accuracy[name] ?? Number.NaN).toFixed(4));
    return `| ${[name, ...own, (mean[name] ?? Number.NaN).toFixed(4)].join(' | ')} |`;
  });
  const windows = scores.map((score) => `${score.windows}`);
  return [
    `| forecaster | ${[...sets, 'mean'].join(' | ')} |`,
    `|---|${'---|'.repeat(sets.length + 1)}`,
    ...rows,
    `| windows | ${[...windows, ''].join(' | ')} |`,
  ];
}

const COVERAGES = [0.1, 0.25, 0.5, 0.75, 0.9, 1];

function riskTable(scores: readonly LiquidSetScore[]): string[] {
  const rows = scores.map(({ set, outcomes }) => {
    const cells = riskCoverage(outcomes, COVERAGES).map(
      ({ wapeRatio, absoluteRatio }) => `${wapeRatio.toFixed(3)} / ${absoluteRatio.toFixed(3)}`,
    );
    return `| ${[set, ...cells].join(' | ')} |`;
  });
  return [
    `| set | ${COVERAGES.map((coverage) => `${100 * coverage} %`).join(' | ')} |`,
    `|---|${'---|'.repeat(COVERAGES.length)}`,
    ...rows,
  ];
}
