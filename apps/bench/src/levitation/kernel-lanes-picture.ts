import { join } from 'node:path';
import { pictureStyle, writePicture } from '@levitate/pictures';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { firstAfter, type LaneRecord, type Span } from './kernel-lanes-record.ts';
import type { LaneRule } from './kernel-lanes-rules.ts';
import { quantile, sumOf, type TraceRun } from './kernel-lanes-score.ts';

/** Time that the picture shows, the end of the trace: some three bursts. */
const SHOWN_MS = 45_000;
const { font: FONT, ink: INK, quiet: QUIET, rule: RULE } = pictureStyle;
/** Told apart by lightness too, for those who see no hue. */
const COLOURS = { reactive: '#d1603d', predictive: '#1f5fa8' } as const;
type ShownRule = keyof typeof COLOURS;
const RULES = ['reactive', 'predictive'] as const;

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
    onsetsS: run.plan.bursts
      .map((burst) => (run.startUnixMs + burst.timeMs - span.fromUnixMs) / 1e3)
      .filter((onset) => onset > 0 && onset < (span.toUnixMs - span.fromUnixMs) / 1e3),
    budgetBytes: run.cell.budgetBytes,
  });
  const path = join(options.outDir, 'levitation');
  return writePicture({ option, width: 1_120, height: 680, path });
}

function spanOf(run: TraceRun, first: number): Span {
  const onset = run.plan.bursts[first]?.timeMs ?? 0;
  const end = run.plan.durationMs - 500;
  const fromMs = Math.max(0, onset - 4_000, end - SHOWN_MS);
  return {
    fromUnixMs: run.startUnixMs + fromMs,
    toUnixMs: run.startUnixMs + Math.min(end, fromMs + SHOWN_MS),
  };
}

function laneOf(run: TraceRun, rule: LaneRule) {
  return run.lanes.find(({ record }) => record.rule === rule);
}

function captionOf(run: TraceRun, span: Span): string {
  const text = RULES.map((rule) => {
    const lane = laneOf(run, rule)?.lane ?? 0;
    const delays = run.delays.delays(lane, span);
    const average = sumOf(delays, (delay) => delay) / Math.max(1, delays.length);
    const p99 = quantile(delays, 0.99) ?? 0;
    const most = quantile(delays, 1) ?? 0;
    return (
      `${rule}: delay ${average.toFixed(1)} ms on average, ${p99.toFixed(1)} ms p99, ` +
      `${most.toFixed(0)} ms at most`
    );
  });
  return text.join('   ·   ');
}

/** The chart itself. Pure. */
export function levitationOption(shown: {
  span: Span;
  lanes: Record<ShownRule, LaneRecord>;
  caption: string;
  /** Seconds from the start of the picture at which bursts begin. */
  onsetsS: readonly number[];
  budgetBytes: number;
}): EChartsOption {
  const { span, lanes, caption } = shown;
  const seconds = (span.toUnixMs - span.fromUnixMs) / 1e3;
  const text = { color: QUIET, fontFamily: FONT, fontSize: 13 };
  const title = (value: string, top: number, size = 14) => ({
    text: value,
    left: 64,
    padding: 0,
    top,
    textStyle: { color: INK, fontFamily: FONT, fontSize: size, fontWeight: 600 as const },
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
    interval: 5,
    splitLine: { show: false },
    axisLine: { show: true, lineStyle: { color: '#b8c2cc' } },
    axisLabel: { ...text, show: gridIndex === 1, formatter: '{value} s' },
  });
  return {
    backgroundColor: '#ffffff',
    title: [
      title('The same packets through two real kernel queues', 20, 21),
      { ...title(caption, 54, 13), textStyle: { ...text, fontWeight: 400 } },
      title('Packets dropped', 90),
      title('Limit of the queue (line) and what stood in it (filled), MB', 338),
    ],
    legend: {
      right: 150,
      top: 22,
      itemGap: 24,
      icon: 'roundRect',
      itemWidth: 18,
      itemHeight: 4,
      textStyle: { ...text, color: INK },
      data: [...RULES],
    },
    grid: [
      { left: 64, right: 150, top: 132, height: 170 },
      { left: 64, right: 150, top: 370, height: 262 },
    ],
    xAxis: [xAxis(0), xAxis(1)],
    yAxis: [
      { ...axis, type: 'value', gridIndex: 0, min: 0, minInterval: 1, splitNumber: 4 },
      { ...axis, type: 'value', gridIndex: 1, min: 0, splitNumber: 4 },
    ],
    series: [
      ...RULES.flatMap((rule) => seriesOf(rule, lanes[rule], span)),
      marksOf(shown, { axis: 0, text }),
      marksOf(shown, { axis: 1, text }),
    ],
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
      labelLayout: { moveOverlap: 'shiftY' },
      endLabel: {
        show: true,
        formatter: ({ value }) =>
          `${Number((value as number[])[1]).toLocaleString('en-GB')} dropped`,
        color,
        fontFamily: FONT,
        fontSize: 14,
        fontWeight: 600,
        distance: 8,
      },
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
      lineStyle: { width: 1, color },
      areaStyle: { color, opacity: 0.55 },
      data: column(lane.backlogBytes, (bytes) => bytes / 1e6),
    },
  ];
}

/** Where bursts begin, and in the lower panel the limit that the latency budget allows. */
function marksOf(
  shown: { onsetsS: readonly number[]; budgetBytes: number },
  place: { axis: 0 | 1; text: object },
): LineSeriesOption {
  const { axis, text } = place;
  const quiet = { color: '#9aa7b4', width: 1, type: [3, 4] };
  return {
    type: 'line',
    data: [],
    xAxisIndex: axis,
    yAxisIndex: axis,
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: quiet,
      label: { ...text, fontSize: 12 },
      data: [
        ...shown.onsetsS.map((onset) => ({
          xAxis: onset,
          label: { show: axis === 0, formatter: 'burst', position: 'end' as const },
        })),
        ...(axis === 1
          ? [
              {
                yAxis: shown.budgetBytes / 1e6,
                label: { formatter: 'latency budget', position: 'end' as const, distance: 8 },
              },
            ]
          : []),
      ],
    },
  };
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
