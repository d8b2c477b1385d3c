import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REQUEST_ONSETS } from '@levitate/models';
import { pictureStyle, writePicture } from '@levitate/pictures';
import type { OnsetChoice } from './onsets-choice.ts';
import type { OnsetJudgement } from './onsets-judgement.ts';
import type { OnsetDays } from './onsets-training.ts';
import type { TrainingContext } from './training.ts';

interface OnsetResults {
  command: string;
  days: OnsetDays;
  choice: OnsetChoice;
  test: OnsetJudgement;
}

/** Write the report and its picture. @returns paths of the files written */
export function writeOnsetsReport(
  input: OnsetResults & { context: Pick<TrainingContext, 'reportDirectory'> },
): string[] {
  const folder = input.context.reportDirectory;
  const path = join(folder, 'report.md');
  writeFileSync(path, onsetsReportText(input));
  return [path, ...curvesPicture(join(folder, 'report-precision-recall'), input.test)];
}

/** The text of the report. */
export function onsetsReportText({ command, days, choice, test }: OnsetResults): string {
  const learned = days.learned.map(({ name }) => nameOf(name));
  const tested = days.test.map(({ name }) => nameOf(name));
  const held = days.learned.reduce((sum, { onsets }) => sum + onsets.length, 0);
  const { units, members, epochs } = choice.settings;
  return [
    '# Onsets model: report of its training',
    '',
    `Written by \`${command}\`; not edited by hand.`,
    '',
    `Learned from and chosen by: ${learned.join(', ')} (${held} onsets).`,
    `Scored once: ${tested.join(', ')} (${test.onsets} onsets).`,
    '',
    prose,
    '',
    '## The choice, on days held out in turn',
    '',
    ...areasTable({ ...prefixed(choice.recipes), ...choice.rivals }),
    '',
    `\`${choice.recipe}\` (${units} units, ${members} members, ${epochs} epochs) was chosen;`,
    `\`${choice.winner}\` serves. Platt's map of its held-out scores: slope`,
    `${choice.slope.toFixed(3)}, intercept ${choice.intercept.toFixed(3)}.`,
    '',
    '## The test days',
    '',
    ...areasTable(test.areas),
    '',
    '![Precision and recall](report-precision-recall.svg)',
    '',
  ].join('\n');
}

const prose = `\
A second is ranked by how likely a burst of requests starts within 10 s; average precision is the
area under its precision-recall curve. A burst is a second at 3x the median of 30 s or more. The
inputs are the last minute, what other days say of the half-hour, the hour and the time of day, and
the day's own cycles. All days that are learned from take part in a profile of the clock, but never
in their own. Which inputs there are was settled earlier, when all days had been looked at; which
recipe is used, and whether it serves, was chosen here without the test days.`;

function prefixed(recipes: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(recipes).map(([name, area]) => [`recipe ${name}`, area]),
  );
}

function areasTable(areas: Record<string, number>): string[] {
  const rows = Object.entries(areas).toSorted(([, one], [, other]) => other - one);
  return [
    '| ranked by | average precision |',
    '| --- | ---: |',
    ...rows.map(([name, area]) => `| ${name} | ${area.toFixed(4)} |`),
  ];
}

function nameOf(file: string): string {
  return file.replace(/\.csv(\.gz)?$/, '');
}

function curvesPicture(path: string, { curves }: OnsetJudgement): string[] {
  const axis = { type: 'value' as const, min: 0, max: 1, nameLocation: 'middle' as const };
  return writePicture({
    width: 720,
    height: 420,
    path,
    formats: ['svg'],
    option: {
      color: [...pictureStyle.colours],
      textStyle: { fontFamily: pictureStyle.font, color: pictureStyle.ink },
      legend: { top: 0 },
      xAxis: { ...axis, name: 'recall', nameGap: 28 },
      yAxis: { ...axis, name: 'precision', nameGap: 36 },
      series: Object.entries(curves).map(([name, data]) => ({
        name: name === REQUEST_ONSETS ? 'the model' : `best baseline: ${name}`,
        type: 'line' as const,
        symbol: 'none',
        data,
      })),
    },
  });
}
