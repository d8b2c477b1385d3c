import { join } from 'node:path';
import {
  type BandwidthSetName,
  type BandwidthTrace,
  LEARNED_BANDWIDTH,
  type SetEvaluation,
  windowBefore,
} from '@levitate/models';
import { type PictureRequest, pictureStyle, writePicture } from '@levitate/pictures';
import type { BandwidthResults } from './bandwidth-training.ts';

const { colours, font, ink, quiet, rule } = pictureStyle;
const STYLE = { color: [...colours], textStyle: { fontFamily: font, color: ink } };
const TITLE = { textStyle: { color: ink, fontFamily: font, fontSize: 15 }, left: 16, top: 10 };
const LEGEND = { right: 16, top: 10, textStyle: { color: quiet } };
const GRID = { left: 64, right: 24, top: 56, bottom: 48 };
const AXIS = { splitLine: { lineStyle: { color: rule } }, nameTextStyle: { color: quiet } };
/** Seconds of a trace shown as example. */
const SHOWN_SECONDS = 180;

type Option = PictureRequest['option'];
type Series = Option['series'];

/** Draw the report's pictures as SVG. @returns their paths */
export function writeBandwidthPictures(folder: string, results: BandwidthResults): string[] {
  const draw = (name: string, option: Option, height = 380) =>
    writePicture({
      option: { ...STYLE, ...option },
      width: 840,
      height,
      path: join(folder, `report-${name}`),
      formats: ['svg'],
    });
  return [
    ...draw('horizon', horizonOption(results.test)),
    ...draw('reliability', reliabilityOption(results.test)),
    ...draw('examples', examplesOption(results), 760),
    ...draw('training', trainingOption(results)),
  ];
}

function horizonOption(test: readonly SetEvaluation[]): Option {
  const lines = test.flatMap(({ set, stepAccuracy }, index) => {
    const color = colours[index % colours.length];
    return [
      { name: set as string, data: stepAccuracy.learned, lineStyle: { color, width: 2 } },
      {
        name: `${set}, last value`,
        data: stepAccuracy.lastValue,
        lineStyle: { color, width: 1, type: 'dashed' as const },
      },
    ].map((line) => ({
      ...line,
      type: 'line' as const,
      symbol: 'none',
      itemStyle: { color },
      data: line.data.map(rounded),
    }));
  });
  return {
    title: { ...TITLE, text: 'Accuracy by seconds ahead, test part; dashed: last value' },
    legend: { ...LEGEND, data: test.map(({ set }) => set), top: 32 },
    grid: { ...GRID, top: 84 },
    xAxis: { ...AXIS, type: 'category', data: range(10).map((at) => `${at + 1} s`) },
    yAxis: { ...AXIS, type: 'value', name: '1 - WAPE', scale: true },
    series: lines,
  };
}

function reliabilityOption(test: readonly SetEvaluation[]): Option {
  const stated = [0.1, 0.5, 0.9];
  return {
    title: { ...TITLE, text: 'Share at or below the stated quantile of the ten seconds’ mean' },
    legend: { ...LEGEND, top: 32 },
    grid: { ...GRID, top: 76 },
    xAxis: {
      ...AXIS,
      type: 'value',
      name: 'stated',
      min: 0,
      max: 1,
      nameLocation: 'middle',
      nameGap: 28,
    },
    yAxis: { ...AXIS, type: 'value', name: 'came true', min: 0, max: 1 },
    series: [
      {
        name: 'perfect',
        type: 'line',
        symbol: 'none',
        lineStyle: { color: quiet, type: 'dotted', width: 1 },
        itemStyle: { color: quiet },
        data: [
          [0, 0],
          [1, 1],
        ],
      },
      ...test.map(({ set, below }) => ({
        name: set,
        type: 'line' as const,
        symbolSize: 7,
        data: stated.map((q, at) => [q, rounded(below[at] ?? 0)]),
      })),
    ],
  };
}

function examplesOption(results: BandwidthResults): Option {
  const shown = results.test.flatMap(({ set }) => {
    const trace = exampleTrace(results, set);
    return trace === undefined ? [] : [{ set, trace }];
  });
  const heightOf = 640 / Math.max(1, shown.length);
  const places = shown.map((_, index) => ({
    ...GRID,
    top: 70 + index * (heightOf + 10),
    height: heightOf - 34,
  }));
  return {
    title: { ...TITLE, text: 'The mean of the next ten seconds, Mbit/s: forecast and what came' },
    legend: { ...LEGEND, data: ['came', 'forecast', 'last value'], top: 32 },
    grid: places,
    xAxis: shown.map(({ set, trace }, gridIndex) => ({
      ...AXIS,
      type: 'value' as const,
      gridIndex,
      max: SHOWN_SECONDS,
      name: `${set}: ${trace.file}`,
      nameLocation: 'middle' as const,
      nameGap: 18,
    })),
    yAxis: shown.map((_, gridIndex) => ({
      ...AXIS,
      type: 'value' as const,
      gridIndex,
      splitNumber: 3,
    })),
    series: shown.flatMap(({ trace }, index) => exampleSeries(results, { trace, index })) as Series,
  };
}

/** The test trace whose last value error is the median of its set: neither easy nor hard. */
function exampleTrace({ parts }: BandwidthResults, set: BandwidthSetName) {
  const own = parts
    .filter(({ trace, part }) => trace.set === set && part === 'test')
    .map(({ trace }) => ({ trace, roughness: roughnessOf(trace) }))
    .sort((a, b) => a.roughness - b.roughness);
  return own[own.length >> 1]?.trace;
}

function roughnessOf({ series: { bandwidthBytesPerSecond: values } }: BandwidthTrace): number {
  let moved = 0;
  let total = 0;
  for (let at = 1; at < values.length; at++) {
    const step = (values[at] as number) - (values[at - 1] as number);
    if (Number.isNaN(step)) continue;
    moved += Math.abs(step);
    total += values[at] as number;
  }
  return total === 0 ? 0 : moved / total;
}

function exampleSeries(
  { forecaster }: BandwidthResults,
  { trace, index }: { trace: BandwidthTrace; index: number },
) {
  const { series } = trace;
  const values = series.bandwidthBytesPerSecond;
  const origins = range(SHOWN_SECONDS)
    .map((at) => 100 + at)
    .filter((origin) => origin + 10 < values.length && !Number.isNaN(values[origin]));
  const forecasts = forecaster.forecasts(origins.map((origin) => windowBefore(series, origin)));
  const points = (read: (at: number, origin: number) => number) =>
    origins.map((origin, at) => [origin - 100, rounded((read(at, origin) * 8) / 1e6)]);
  const q10 = points((at) => forecasts[at]?.mean.q10 ?? 0);
  const band = points((at) => (forecasts[at]?.mean.q90 ?? 0) - (forecasts[at]?.mean.q10 ?? 0));
  const place = { type: 'line' as const, symbol: 'none', xAxisIndex: index, yAxisIndex: index };
  const line = (name: string, data: number[][], lineStyle: object) => ({
    ...place,
    name,
    data,
    lineStyle,
    itemStyle: { color: (lineStyle as { color: string }).color },
  });
  return [
    { ...place, data: q10, stack: `band ${index}`, lineStyle: { opacity: 0 } },
    {
      ...place,
      data: band,
      stack: `band ${index}`,
      lineStyle: { opacity: 0 },
      areaStyle: { color: colours[0], opacity: 0.18 },
    },
    line(
      'last value',
      points((_, origin) => values[origin] as number),
      {
        color: colours[2],
        width: 1,
      },
    ),
    line(
      'came',
      points((_, origin) => meanOf(values, origin)),
      { color: ink, width: 1.5 },
    ),
    line(
      'forecast',
      points((at) => forecasts[at]?.mean.q50 ?? 0),
      { color: colours[0], width: 2 },
    ),
  ];
}

function trainingOption({ members }: BandwidthResults): Option {
  return {
    title: { ...TITLE, text: 'Error on validation relative to last value, by epoch' },
    legend: LEGEND,
    grid: GRID,
    xAxis: { ...AXIS, type: 'value', name: 'epoch', nameLocation: 'middle', nameGap: 28 },
    yAxis: { ...AXIS, type: 'value', scale: true },
    series: members.map(({ outcome }, index) => ({
      name: `${LEARNED_BANDWIDTH}, member ${index + 1}`,
      type: 'line' as const,
      symbol: 'none',
      data: outcome.history.map(({ epoch, validation }) => [epoch, rounded(validation)]),
    })),
  };
}

function meanOf(values: Float64Array, origin: number): number {
  const next = values.subarray(origin + 1, origin + 11).filter((value) => !Number.isNaN(value));
  return next.reduce((sum, value) => sum + value, 0) / Math.max(1, next.length);
}

/** A plot has no use for more digits, and a file that holds them is larger. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
