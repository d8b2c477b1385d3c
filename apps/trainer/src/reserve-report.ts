import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureStyle, writePicture } from '@levitate/pictures';
import { LEARNED_RESERVE, REACTIVE_RESERVE, type ReserveClass } from './reserve-judgement.ts';
import type { TrainingContext } from './training.ts';

/** Write the report of a reserve training and its picture. @returns paths of the files written */
export function writeReserveReport(input: {
  context: Pick<TrainingContext, 'reportDirectory'>;
  command: string;
  judgement: readonly ReserveClass[];
  loss: number;
  units: readonly number[];
  steps: number;
}): string[] {
  const { context, judgement } = input;
  const path = join(context.reportDirectory, 'report.md');
  writeFileSync(path, reserveReportText(input));
  return [path, ...ratioPicture(join(context.reportDirectory, 'report-rejects'), judgement)];
}

/** The text of the report. */
export function reserveReportText(input: {
  command: string;
  judgement: readonly ReserveClass[];
  loss: number;
  units: readonly number[];
  steps: number;
}): string {
  const { command, judgement } = input;
  return [
    '# Reserve model: report of its training',
    '',
    `Written by \`${command}\`; not edited by hand.`,
    '',
    proseOf(input),
    '',
    ...table(
      'Rejects on the validation part, by which the class is given away',
      judgement,
      (each) => each.validation,
    ),
    ...table('Rejects on the test part', judgement, (each) => each.test),
    '![Rejects of the learned policy over those of the tuned reactive one](report-rejects.svg)',
    '',
  ].join('\n');
}

function proseOf(input: { loss: number; units: readonly number[]; steps: number }): string {
  const { loss, units, steps } = input;
  return `\
A dense network of ${units.join(' and ')} units asks at each second for the capacity of a pool
whose new capacity is usable some seconds later. It learned on the cost itself (rejects + price
x reserve, every stretch at its own price), on ${steps} batches; its loss at the end was
${loss.toFixed(4)}. The price that a trace needs is found as the setting of every other policy
is, so that all reserve the same: 1.2 x the demand.

Files are divided in order: the first half to learn from, the next sixth to choose by, the rest
to score once; a single file by time. The reactive policy is the better of EWMA x headroom and
double/decay, tuned on the training part. A kind without a validation part stays with it.`;
}

function table(
  title: string,
  judgement: readonly ReserveClass[],
  pick: (each: ReserveClass) => ReserveClass['test'],
): string[] {
  return [
    `## ${title}`,
    '',
    '| requests, delay | arrived | learned | tuned reactive | ratio | reactive policy | serves |',
    '| --- | ---: | ---: | ---: | ---: | --- | --- |',
    ...judgement.map((each) => {
      const figures = pick(each);
      const learned = figures[LEARNED_RESERVE]?.rejected ?? 0;
      const reactive = figures[REACTIVE_RESERVE]?.rejected ?? 0;
      const arrived = figures[LEARNED_RESERVE]?.arrived ?? 0;
      const counts = [arrived, learned, reactive].map((count) => Math.round(count));
      const cells = [each.name, ...counts, ratioOf(figures), each.reactive, each.winner];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
  ];
}

/** Two places; nothing where nobody rejected enough to compare. */
function ratioOf(figures: ReserveClass['test']): string {
  const learned = figures[LEARNED_RESERVE]?.rejected ?? 0;
  const reactive = figures[REACTIVE_RESERVE]?.rejected ?? 0;
  return reactive < 10 ? '-' : (learned / reactive).toFixed(3);
}

function ratioPicture(path: string, judgement: readonly ReserveClass[]): string[] {
  const parts = ['validation', 'test'] as const;
  return writePicture({
    width: 720,
    height: 420,
    path,
    formats: ['svg'],
    option: {
      color: [...pictureStyle.colours],
      textStyle: { fontFamily: pictureStyle.font, color: pictureStyle.ink },
      legend: { top: 0 },
      grid: { left: 250 },
      xAxis: {
        type: 'value',
        name: 'learned / tuned reactive',
        nameLocation: 'middle',
        nameGap: 28,
      },
      yAxis: { type: 'category', data: judgement.map(({ name }) => name) },
      series: parts.map((part) => ({
        name: part,
        type: 'bar' as const,
        data: judgement.map((each) => Number(ratioOf(each[part])) || 0),
      })),
    },
  });
}
