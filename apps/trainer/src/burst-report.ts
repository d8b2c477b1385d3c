import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calibrationBins } from '@levitate/forecast';
import type { LearnedOnsetSettings } from '@levitate/models';
import { pictureStyle, writePicture } from '@levitate/pictures';
import type { BurstJudgement } from './burst-judgement.ts';
import type { TrainedCandidate } from './burst-training.ts';
import type { TrainingContext } from './training.ts';

const SIZE = { width: 720, height: 420 };
const STYLE = {
  color: [...pictureStyle.colours],
  textStyle: { fontFamily: pictureStyle.font, color: pictureStyle.ink },
};

/** What a report is written of. */
interface BurstResults {
  context: TrainingContext;
  trained: readonly TrainedCandidate[];
  settings: LearnedOnsetSettings;
  judgement: BurstJudgement;
  /** Set where the networks learnt from one: its origin, and their Brier skill on its test part. */
  dataset?: { origin: string; families: Record<string, number> } | undefined;
}

/** Write the report of a burst training and its pictures. @returns paths of the files written */
export function writeBurstReport(input: BurstResults): string[] {
  const { context, judgement } = input;
  const folder = context.reportDirectory;
  const pictures = [
    ...reliabilityPicture(join(folder, 'report-reliability'), judgement),
    ...precisionRecallPicture(join(folder, 'report-precision-recall'), judgement),
    ...examplePicture(join(folder, 'report-example'), judgement),
  ];
  const path = join(folder, 'report.md');
  writeFileSync(path, reportText(input));
  return [path, ...pictures];
}

function reportText(input: BurstResults): string {
  const { context, trained, settings, judgement, dataset } = input;
  const { claim } = judgement;
  return [
    '# Burst model: report of its training',
    '',
    `Written by \`levitate train burst --seed ${context.seed} --workers ${context.workers}\`; not`,
    `edited by hand. ${trafficText(dataset)} Split:`,
    `${judgement.split}.`,
    '',
    '## Who forecasts how well',
    '',
    '`statistical`: the periodic and the precursor forecaster, which need no training;',
    '`learned`: the network alone; `served`: the periodic forecaster beside the network, the one',
    'with the better record on the link speaking. A class goes to the better Brier skill on',
    'validation, statistical or learned; the learned one takes part where it won a class.',
    '',
    ...Object.entries(judgement.classes).flatMap(([name, { winner, validation, test }]) => [
      `### ${name}: ${winner} serves`,
      '',
      ...figuresTable('validation', validation),
      '',
      ...figuresTable('test', test),
      '',
    ]),
    '## The networks',
    '',
    'Loss on validation, and the Brier skill of "starts within 10 s" on the same 60 s windows of',
    'the validation part, each from a cold start. (Their losses do not compare: the LSTM answers',
    'at every step, the Transformer at the last.)',
    '',
    '| network | best epoch | of | loss | validation | Brier skill, 60 s windows |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...trained.map(({ candidate: { family, epochs }, outcome }) => {
      const best = outcome.history.find(({ epoch }) => epoch === outcome.bestEpoch);
      const skill = judgement.families[family] ?? 0;
      const losses = [best?.loss ?? 0, best?.validation ?? 0, skill].map((x) => x.toFixed(3));
      return `| ${[family, outcome.bestEpoch, epochs, ...losses].join(' | ')} |`;
    }),
    ...datasetLines(dataset),
    '',
    '## Calibration',
    '',
    `Platt's map on the calibration part: slope ${settings.slope.toFixed(3)}, intercept`,
    `${settings.intercept.toFixed(3)}. Expected calibration error on the test part, worst class:`,
    `${judgement.ece.toFixed(3)}. Announced from ${settings.announceFrom} on: the probability that`,
    'an onset falls within one second of the time named (chosen on validation).',
    '',
    `"Confidence >= ${claim.level} holds": ${claim.hits} of ${claim.episodes} alarm episodes came`,
    `true, 95 % Clopper-Pearson lower bound ${claim.lowerBound.toFixed(4)}: ${claim.verdict}.`,
    '',
    '![Reliability](report-reliability.svg)',
    '',
    '![Precision and recall](report-precision-recall.svg)',
    '',
    '![Two minutes of a precursor link](report-example.svg)',
    '',
  ].join('\n');
}

function trafficText(dataset: BurstResults['dataset']): string {
  if (dataset !== undefined) return `Learnt from a dataset: ${dataset.origin}.`;
  return 'All traffic is generated (SPEC appendix B), no trace is in it.';
}

function datasetLines(dataset: BurstResults['dataset']): string[] {
  if (dataset === undefined) return [];
  const skills = Object.entries(dataset.families).map(([name, skill]) => {
    return `${name} ${skill.toFixed(3)}`;
  });
  return ['', `Brier skill on the test part of the dataset, likewise: ${skills.join(', ')}.`];
}

function figuresTable(part: string, figures: Record<string, Record<string, number>>): string[] {
  return [
    `| ${part} | precision | recall | lead, s | Brier skill | ECE |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...Object.entries(figures).map(([name, row]) => {
      const { precision = 0, recall = 0, lead_s = 0, brier_skill = 0, ece = 0 } = row;
      const numbers = [precision, recall, lead_s, brier_skill, ece].map((x) => x.toFixed(3));
      return `| ${[name, ...numbers].join(' | ')} |`;
    }),
  ];
}

const axis = { type: 'value' as const, min: 0, max: 1, nameLocation: 'middle' as const };

function reliabilityPicture(path: string, { stated }: BurstJudgement): string[] {
  const series = Object.entries(stated).map(([name, list]) => ({
    name,
    type: 'line' as const,
    data: calibrationBins(list, { seed: 1 }).map((bin) => [bin.stated, bin.observed]),
  }));
  const even = { name: 'as stated', type: 'line' as const, symbol: 'none', data: DIAGONAL };
  return sharesPicture(path, {
    x: 'probability stated',
    y: 'share that came true',
    series: [...series, { ...even, lineStyle: { type: 'dashed' as const } }],
  });
}

const DIAGONAL = [
  [0, 0],
  [1, 1],
];

function precisionRecallPicture(path: string, { stated }: BurstJudgement): string[] {
  const series = Object.entries(stated).map(([name, list]) => {
    const ranked = list.toSorted((one, other) => other.probability - one.probability);
    const all = ranked.filter(({ cameTrue }) => cameTrue).length;
    const every = Math.max(1, Math.floor(ranked.length / 200));
    let hits = 0;
    const data: number[][] = [];
    ranked.forEach(({ cameTrue }, index) => {
      hits += cameTrue ? 1 : 0;
      if (index % every === 0) data.push([hits / Math.max(1, all), hits / (index + 1)]);
    });
    return { name, type: 'line' as const, symbol: 'none', data };
  });
  return sharesPicture(path, { x: 'recall', y: 'precision', series });
}

type PictureSeries = NonNullable<Parameters<typeof writePicture>[0]['option']['series']>;

/** One share against another, both from 0 to 1. */
function sharesPicture(
  path: string,
  { x, y, series }: { x: string; y: string; series: PictureSeries },
): string[] {
  return writePicture({
    ...SIZE,
    path,
    formats: ['svg' as const],
    option: {
      ...STYLE,
      legend: { top: 0 },
      xAxis: { ...axis, name: x, nameGap: 28 },
      yAxis: { ...axis, name: y, nameGap: 36 },
      series,
    },
  });
}

function examplePicture(path: string, { example }: BurstJudgement): string[] {
  return writePicture({
    ...SIZE,
    path,
    formats: ['svg' as const],
    option: {
      ...STYLE,
      xAxis: {
        type: 'value',
        min: 0,
        max: example.probabilities.length,
        name: 'seconds',
        nameLocation: 'middle',
        nameGap: 28,
      },
      yAxis: { ...axis, name: 'a burst starts within 10 s', nameGap: 36 },
      series: [
        {
          type: 'line',
          symbol: 'none',
          data: example.probabilities.map((probability, second) => [second + 1, probability]),
          markLine: {
            symbol: 'none',
            label: { show: false },
            data: example.onsetsS.map((xAxis) => ({ xAxis })),
          },
        },
      ],
    },
  });
}
