import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bandwidthSets,
  bandwidthWinner,
  bestBaseline,
  LEARNED_BANDWIDTH,
  type SetEvaluation,
  skillOf,
  splitRule,
} from '@levitate/models';
import { writeBandwidthPictures } from './bandwidth-pictures.ts';
import { type BandwidthResults, commandOf, type TrainedMember } from './bandwidth-training.ts';
import type { TrainingContext } from './training.ts';

/** Write the report of a bandwidth training and its pictures. @returns paths of the files */
export function writeBandwidthReport(
  context: TrainingContext,
  results: BandwidthResults,
): string[] {
  const pictures = writeBandwidthPictures(context.reportDirectory, results);
  const path = join(context.reportDirectory, 'report.md');
  writeFileSync(path, reportText(context, results));
  return [path, ...pictures];
}

function reportText(context: TrainingContext, results: BandwidthResults): string {
  const { test, validation, members } = results;
  const epochs = members.flatMap(({ variant, outcome }, index) => {
    const best = outcome.history[outcome.bestEpoch - 1];
    const place = `epoch ${outcome.bestEpoch} of ${outcome.history.length}`;
    const line = `- member ${index + 1}: ${place}, ${best?.validation.toFixed(4)}`;
    return [`${line};`, `  ${variantText(variant)}`];
  });
  return [
    '# Bandwidth model: report of its training',
    '',
    `Written by \`${commandOf(context)}\`; not edited by hand.`,
    ...(context.quick ? ['A quick run: to see that it works, not to serve.'] : []),
    '',
    'Accuracy is 1 - WAPE of the mean of the next ten seconds, errors and actuals pooled over all',
    'windows of a set: stride one second, from second 100 of a trace on. Skill is against last',
    'value. Every forecaster is scored on the same windows.',
    '',
    '## Data',
    '',
    ...dataTable(results),
    '',
    'Split, drawn once from the seed:',
    ...wrapped(`${splitRule}.`),
    'Inputs that a set lacks are masked; round trip and loss, which one of the sets has now and',
    'then, and time of day, which none has, are masked for all: a network would do something with',
    'what it never saw. No trace is in this repository.',
    '',
    '## Test part, touched once',
    '',
    ...test.flatMap((each) => setSection(each)),
    '![accuracy by seconds ahead](report-horizon.svg)',
    '',
    '![what came against what was stated](report-reliability.svg)',
    '',
    '![forecasts on four test traces](report-examples.svg)',
    '',
    '## Choice, by the validation part',
    '',
    ...table(
      ['set', 'serves', 'learned', 'best baseline', ''],
      validation.map((each) => {
        const best = bestBaseline(each);
        const learned = each.scores[LEARNED_BANDWIDTH]?.accuracy ?? 0;
        return [each.set, bandwidthWinner(each), fixed(learned), best.name, fixed(best.accuracy)];
      }),
    ),
    '',
    '## Training',
    '',
    'Error on validation, relative to last value, mean over the sets:',
    '',
    ...epochs,
    '',
    '![loss by epoch](report-training.svg)',
    '',
  ].join('\n');
}

function dataTable({ parts }: BandwidthResults): string[] {
  const rows = bandwidthSets.map(({ name, what, licence }) => {
    const own = parts.filter(({ trace }) => trace.set === name);
    const count = (part: string) => String(own.filter((each) => each.part === part).length);
    return [name, what, licence, count('training'), count('validation'), count('test')];
  });
  return table(['set', 'what', 'licence', 'training', 'validation', 'test'], rows);
}

function setSection(evaluation: SetEvaluation): string[] {
  const { set, traces, windows, scores, coverage80 } = evaluation;
  const learned = scores[LEARNED_BANDWIDTH]?.accuracy ?? 0;
  const best = bestBaseline(evaluation);
  return [
    `### ${set}`,
    '',
    `${traces} traces, ${windows} windows. The 80 % interval held ${percent(coverage80)}; the`,
    `learned forecaster has ${fixed(learned / best.accuracy)} of the best baseline (${best.name}).`,
    '',
    ...table(
      ['forecaster', 'accuracy', 'skill', 'within 10 %', 'within 20 %', 'median error'],
      Object.entries(scores).map(([name, score]) => [
        name,
        fixed(score.accuracy),
        percent(skillOf(evaluation, name)),
        percent(score.within10),
        percent(score.within20),
        percent(score.medianError),
      ]),
    ),
    '',
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Lines of at most a hundred characters. */
function wrapped(text: string): string[] {
  return text.match(/.{1,99}(?:\s|$)/g)?.map((line) => line.trimEnd()) ?? [];
}

function fixed(value: number): string {
  return value.toFixed(4);
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '-';
}

function variantText({ dropout, warp }: TrainedMember['variant']): string {
  if (warp === undefined) return `dropout ${dropout}, traces as they are`;
  const { decades, octaves } = warp;
  return `dropout ${dropout}, levels moved by ${decades} decades, swings by ${octaves} octaves`;
}
