import { join } from 'node:path';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { PICTURE_FONT, writePicture } from '../picture.ts';
import type { LaneRule } from './kernel-lanes-cells.ts';
import { firstAfter, type LaneRecord, type Span } from './kernel-lanes-record.ts';
import { quantile, sumOf, type TraceRun } from './kernel-lanes-score.ts';

/** Time that the picture shows: some four bursts. */
const SHOWN_MS = 60_000;
const INK = '#1c2733';
const QUIET = '#6b7885';
const RULE = '#e3e8ed';
/** Told apart by lightness too, for those who see no hue. */
const COLOURS = { reactive: '#d1603d', predictive: '#1f5fa8' } as const;
type ShownRule = keyof typeof COLOURS;

/**
 * The picture of levitation: what two lanes did with the same packets. Above, the packets each
 * has dropped; below, each queue's limit and what stood in it.
 *
 * @returns paths of the files written, none where a lane is missing
 */
export function writeLevitationPicture(
  run: TraceRun,
  options: { outDir: string; first: number },
): string[] {
  const reactive = laneOf(run, 'reactive');
  const predictive = laneOf(run, 'predictive');
  if (reactive === undefined || predictive === undefined) return [];
  const span = spanOf(run, options.first);
  const option = levitationOption({
    span,
    lanes: { reactive: reactive.record, predictive: predictive.record },
    caption: captionOf(run, span),
  });
  const path = join(options.outDir, 'levitation');
  return writePicture({ option, width: 1_120, height: 680, path });
}

function spanOf(run: TraceRun, first: number): Span {
  const onset = run.plan.bursts[first]?.timeMs ?? 0;
  const end = run.plan.durationMs - 500;
  const fromMs = Math.max(0, Math.min(onset - 4_000, end - SHOWN_MS));
  return {
    fromUnixMs: run.startUnixMs + fromMs,
    toUnixMs: run.startUnixMs + Math.min(end, fromMs + SHOWN_MS),
  };
}

function laneOf(run: TraceRun, rule: LaneRule) {
  return run.lanes.find(({ record }) => record.rule === rule);
}

function captionOf(run: TraceRun, span: Span): string {
  const text = (['reactive', 'predictive'] as const).map((rule) => {
    const lane = laneOf(run, rule)?.lane ?? 0;
    const delays = run.delays.delays(lane, span);
    const average = sumOf(delays, (delay) => delay) / Math.max(1, delays.length);
    const p99 = quantile(delays, 0.99) ?? 0;
    return `${rule}: delay ${average.toFixed(1)} ms on average, ${p99.toFixed(0)} ms p99`;
  });
  return text.join('   ·   ');
}

/** The chart itself. Pure. */
export function levitationOption(shown: {
  span: Span;
  lanes: Record<ShownRule, LaneRecord>;
  caption: string;
}): EChartsOption {
  const { span, lanes, caption } = shown;
  const seconds = (span.toUnixMs - span.fromUnixMs) / 1e3;
  const text = { color: QUIET, fontFamily: PICTURE_FONT, fontSize: 13 };
  const title = (value: string, top: number, size = 14) => ({
    text: value,
    left: 64,
    top,
    textStyle: { color: INK, fontFamily: PICTURE_FONT, fontSize: size, fontWeight: 600 as const },
  });
  const axis = {
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: text,
    splitLine: { lineStyle: { color: RULE } },
  };
  const xAxis = (gridIndex: number) => ({
    ...axis,
    type: 'value' as const,
    gridIndex,
    min: 0,
    max: seconds,
    splitLine: { show: false },
    axisLine: { show: true, lineStyle: { color: '#b8c2cc' } },
    axisLabel: { ...text, show: gridIndex === 1, formatter: '{value} s' },
  });
  return {
    backgroundColor: '#ffffff',
    title: [
      title('The same packets, two lanes of a real kernel queue', 18, 20),
      { ...title(caption, 48, 13), textStyle: text },
      title('Packets dropped since the start of the picture', 92),
      title('Queue limit (line) and what stood in the queue (filled), MB', 330),
    ],
    legend: {
      right: 40,
      top: 22,
      icon: 'roundRect',
      itemWidth: 18,
      itemHeight: 4,
      textStyle: { ...text, color: INK },
      data: ['reactive', 'predictive'],
    },
    grid: [
      { left: 64, right: 40, top: 124, height: 170 },
      { left: 64, right: 40, top: 362, height: 262 },
    ],
    xAxis: [xAxis(0), xAxis(1)],
    yAxis: [
      { ...axis, type: 'value', gridIndex: 0, min: 0, minInterval: 1, splitNumber: 4 },
      { ...axis, type: 'value', gridIndex: 1, min: 0, splitNumber: 4 },
    ],
    series: (['reactive', 'predictive'] as const).flatMap((rule) =>
      seriesOf(rule, lanes[rule], span),
    ),
  };
}

function seriesOf(rule: ShownRule, lane: LaneRecord, span: Span): LineSeriesOption[] {
  const first = firstAfter(lane.timeUnixMs, span.fromUnixMs);
  const end = firstAfter(lane.timeUnixMs, span.toUnixMs);
  const droppedBefore = lane.dropped[first] ?? 0;
  const column = (values: Float64Array, show: (value: number) => number) =>
    thinned(
      Array.from({ length: Math.max(0, end - first) }, (_, i) => [
        ((lane.timeUnixMs[first + i] ?? 0) - span.fromUnixMs) / 1e3,
        show(values[first + i] ?? 0),
      ]),
    );
  const color = COLOURS[rule];
  const line = { type: 'line' as const, showSymbol: false, color, name: rule };
  return [
    {
      ...line,
      step: 'end',
      lineStyle: { width: 2.5, color },
      data: column(lane.dropped, (dropped) => dropped - droppedBefore),
    },
    {
      ...line,
      xAxisIndex: 1,
      yAxisIndex: 1,
      step: 'end',
      lineStyle: { width: 2, color },
      data: column(lane.limitBytes, (bytes) => bytes / 1e6),
    },
    {
      ...line,
      xAxisIndex: 1,
      yAxisIndex: 1,
      lineStyle: { width: 0.75, color },
      areaStyle: { color, opacity: 0.35 },
      data: column(lane.backlogBytes, (bytes) => bytes / 1e6),
    },
  ];
}

/** Without the points between two equal ones: a picture of 3,000 readings has 300 that say it. */
function thinned(points: number[][]): number[][] {
  return points.filter(
    (point, i) =>
      i === 0 ||
      i === points.length - 1 ||
      point[1] !== points[i - 1]?.[1] ||
      point[1] !== points[i + 1]?.[1],
  );
}
