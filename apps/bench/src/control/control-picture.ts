import { join } from 'node:path';
import { pictureStyle, writePicture } from '@levitate/pictures';
import type { EChartsOption } from 'echarts';

const { font, ink, quiet, rule } = pictureStyle;
const colours = { ours: '#1f5fa8', tuned: '#d1603d', need: '#b8c2cc' } as const;

/** What a resource gained, for the picture. */
export interface GainBar {
  resource: string;
  gain: number;
  low: number;
  high: number;
  /** The bar it has to reach. */
  bar: number;
}

/** One trial over time, in whatever unit. */
export interface ExampleTrial {
  title: string;
  /** Seconds between two values. */
  everyS: number;
  need: readonly number[];
  ours: readonly number[];
  tuned: readonly number[];
}

/** Gains with their intervals, and one trial. @returns paths of the files written */
export function writeControlPicture(
  shown: { gains: readonly GainBar[]; example: ExampleTrial | undefined },
  { outDir }: { outDir: string },
): string[] {
  const path = join(outDir, 'control');
  const gains = writePicture({ option: gainOption(shown.gains), width: 900, height: 420, path });
  if (shown.example === undefined) return gains;
  const option = exampleOption(shown.example);
  const trial = writePicture({ option, width: 1_120, height: 460, path: `${path}-trial` });
  return [...gains, ...trial];
}

const text = { color: quiet, fontFamily: font, fontSize: 13 };
const axis = {
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: text,
  splitLine: { lineStyle: { color: rule } },
};

function titleOf(value: string) {
  const textStyle = { color: ink, fontFamily: font, fontSize: 18, fontWeight: 600 as const };
  return { text: value, left: 24, top: 18, textStyle };
}

/** Cost saved against the tuned static, 99 % intervals. Pure. */
export function gainOption(gains: readonly GainBar[]): EChartsOption {
  const percent = (share: number) => Math.round(1000 * share) / 10;
  return {
    backgroundColor: '#ffffff',
    title: titleOf('Cost saved against a tuned static size, 99 % intervals'),
    grid: { left: 72, right: 32, top: 76, bottom: 48 },
    xAxis: { ...axis, type: 'category', data: gains.map(({ resource }) => resource) },
    yAxis: { ...axis, type: 'value', axisLabel: { ...text, formatter: '{value} %' } },
    series: [
      {
        type: 'bar',
        barWidth: 44,
        itemStyle: { color: colours.ours },
        data: gains.map(({ gain }) => percent(gain)),
        label: {
          show: true,
          position: 'insideBottomLeft',
          color: '#ffffff',
          fontSize: 10,
          formatter: '{c} %',
        },
      },
      {
        type: 'line',
        lineStyle: { width: 0 },
        symbol: 'rect',
        symbolSize: [64, 2],
        itemStyle: { color: colours.tuned },
        data: gains.map(({ bar }) => percent(bar)),
      },
      ...gains.map(({ low, high }, index) => ({
        type: 'line' as const,
        symbol: 'rect',
        symbolSize: [16, 2],
        itemStyle: { color: ink },
        lineStyle: { color: ink, width: 1.5 },
        data: [
          [index, percent(low)],
          [index, percent(high)],
        ],
      })),
    ],
  };
}

/** Need, our size and the tuned static over one trial. Pure. */
export function exampleOption(trial: ExampleTrial): EChartsOption {
  const { everyS, need, ours, tuned } = trial;
  const points = (values: readonly number[]) =>
    values.map((value, index) => [Math.round(10 * index * everyS) / 10, value]);
  const line = { type: 'line' as const, showSymbol: false, step: 'end' as const };
  return {
    backgroundColor: '#ffffff',
    title: titleOf(trial.title),
    legend: { right: 32, top: 22, data: ['need', 'ours', 'tuned static'], textStyle: text },
    grid: { left: 72, right: 32, top: 76, bottom: 48 },
    xAxis: {
      ...axis,
      type: 'value',
      min: 0,
      max: need.length * everyS,
      splitLine: { show: false },
      axisLabel: { ...text, formatter: '{value} s' },
    },
    yAxis: { ...axis, type: 'value', min: 0 },
    series: [
      {
        ...line,
        name: 'need',
        color: colours.need,
        lineStyle: { width: 1, color: colours.need },
        areaStyle: { color: colours.need, opacity: 0.4 },
        data: points(need),
      },
      { ...line, name: 'tuned static', color: colours.tuned, data: points(tuned) },
      { ...line, name: 'ours', color: colours.ours, data: points(ours) },
    ],
  };
}
