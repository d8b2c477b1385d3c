import type { LaneSample, LaneView } from '../view.ts';
import type { AxisTops } from './axis-top.ts';
import { bandAhead, bandBehind } from './forecast-band.ts';
import { bytes, count, megabitsPerSecond, milliseconds, significant } from './format.ts';
import { behindSeconds, type Mark, type PlotProps } from './plot.ts';

/** A graph with its title and legend. */
export interface Graph {
  readonly id: 'traffic' | 'queue' | 'drops' | 'delay';
  readonly title: string;
  readonly legend: readonly {
    readonly look: string;
    readonly name: string;
    readonly value: string;
  }[];
  readonly plot: Omit<PlotProps, 'kind' | 'theme'>;
}

/** Tops of all axes: the highest value of any lane, so that lanes compare by eye. */
export interface Tops {
  readonly traffic: number;
  readonly queue: number;
  readonly drops: number;
  readonly delay: number;
}

/** @see Tops */
export function fitTops(lanes: readonly LaneView[], tops: AxisTops): Tops {
  const highest = (of: (sample: LaneSample) => number | null) =>
    Math.max(0, ...lanes.flatMap(({ samples }) => samples.map((sample) => of(sample) ?? 0)));
  const traffic = highest((one) =>
    Math.max(one.throughputBytesPerSecond ?? 0, one.drainBytesPerSecond ?? 0),
  );
  const queue = highest((one) => Math.max(one.queueHighWaterBytes ?? 0, one.limitBytes ?? 0));
  return {
    traffic: tops.fit('traffic', { highest: (traffic * 8) / 1e6, least: 1 }),
    queue: tops.fit('queue', { highest: queue / 1_024, least: 10 }) * 1_024,
    drops: tops.fit('drops', { highest: highest((one) => one.droppedPackets), least: 10 }),
    delay: tops.fit('delay', { highest: highest((one) => one.delaySeconds) * 1e3, least: 10 }),
  };
}

/** The four graphs of a lane, top to bottom. */
export function graphsOf(lane: LaneView, tops: Tops, nowUnixMs: number): Graph[] {
  const samples = lane.samples.filter(
    ({ timeUnixMs }) => timeUnixMs >= nowUnixMs - behindSeconds * 1_000,
  );
  const seconds = samples.map(({ timeUnixMs }) => (timeUnixMs - nowUnixMs) / 1_000);
  const parts = { lane, samples, seconds, newest: samples.at(-1), nowUnixMs };
  return [
    trafficGraph(parts, tops.traffic),
    queueGraph(parts, tops.queue),
    dropsGraph(parts, tops.drops),
    delayGraph(parts, tops.delay),
  ];
}

interface Parts {
  readonly lane: LaneView;
  readonly samples: readonly LaneSample[];
  readonly seconds: readonly number[];
  readonly newest: LaneSample | undefined;
  readonly nowUnixMs: number;
}

function trafficGraph({ lane, samples, seconds, newest, nowUnixMs }: Parts, top: number): Graph {
  const megabits = (value: number | null) => (value === null ? null : (value * 8) / 1e6);
  const ahead = lane.forecast ? bandAhead(lane.forecast, nowUnixMs) : [];
  const behind = bandBehind(samples);
  const none = ahead.map(() => null);
  const burst = lane.forecast?.burst;
  const coming = burst && burst.onsetUnixMs > nowUnixMs ? burst : undefined;
  const inSeconds = coming ? (coming.onsetUnixMs - nowUnixMs) / 1_000 : 0;
  const arrivals = megabitsPerSecond(newest?.throughputBytesPerSecond);
  const drains = megabitsPerSecond(newest?.drainBytesPerSecond);
  const expected = coming
    ? `burst in ${inSeconds.toFixed(1)} s, ${Math.round(coming.confidence * 100)} %`
    : '';
  const columns = [
    [...seconds, ...ahead.map((point) => point.seconds)],
    [...behind.map((level) => megabits(level?.q99 ?? null)), ...ahead.map((p) => megabits(p.q99))],
    [...behind.map((level) => megabits(level?.q50 ?? null)), ...ahead.map((p) => megabits(p.q50))],
    [...samples.map((one) => megabits(one.drainBytesPerSecond)), ...none],
    [...samples.map((one) => megabits(one.throughputBytesPerSecond)), ...none],
  ];
  return {
    id: 'traffic',
    title: 'Traffic',
    legend: [
      { look: 'lane', name: 'arriving', value: arrivals },
      { look: 'dashed', name: 'drains at', value: drains },
      ...(lane.kind === 'predictive' || lane.forecast
        ? [{ look: 'band', name: 'forecast', value: expected || noForecast(lane) }]
        : []),
    ],
    plot: {
      summary: `${lane.name}: ${arrivals} arriving, drains at ${drains}. ${expected}`,
      height: 150,
      lines: [
        { ink: 'none', width: 0 },
        { ink: 'forecast', width: 1, dash: [2, 3] },
        { ink: 'ink', width: 1, dash: [6, 4] },
        { ink: 'lane', width: 1.75 },
      ],
      band: [1, 2],
      columns,
      top,
      axisText: (value) => `${significant(value)} Mb/s`,
      marks: onsetMarks(lane, nowUnixMs),
    },
  };
}

function noForecast({ forecast }: LaneView): string {
  if (forecast === null) return 'none';
  return forecast.burst ? 'burst under way' : 'no burst in sight';
}

/** Predictions that have passed, and the coming one with its spread. */
function onsetMarks(lane: LaneView, nowUnixMs: number): Mark[] {
  const burst = lane.forecast?.burst;
  return lane.predictedOnsetsUnixMs.map((onset) => {
    const isComing = burst !== null && burst !== undefined && onset === burst.onsetUnixMs;
    const isAhead = isComing && onset > nowUnixMs;
    return {
      seconds: (onset - nowUnixMs) / 1_000,
      spreadSeconds: isAhead ? burst.onsetSdSeconds : 0,
    };
  });
}

function queueGraph({ lane, samples, seconds, newest }: Parts, top: number): Graph {
  const limit = bytes(newest?.limitBytes);
  const high = bytes(newest?.queueHighWaterBytes);
  const original = lane.counters?.originalLimitBytes;
  return {
    id: 'queue',
    title: 'Queue',
    legend: [
      { look: 'area', name: 'high water', value: high },
      { look: 'solid', name: 'limit', value: limit },
      { look: 'none', name: 'original limit', value: bytes(original) },
    ],
    plot: {
      summary: `${lane.name}: queue high water ${high} of a limit of ${limit}`,
      height: 150,
      lines: [
        { ink: 'lane', width: 1.25, fill: true },
        { ink: 'ink', width: 1.75, shape: 'steps' },
      ],
      columns: [
        seconds,
        samples.map((one) => one.queueHighWaterBytes),
        samples.map((one) => one.limitBytes),
      ],
      top,
      axisText: bytes,
    },
  };
}

function dropsGraph({ lane, samples, seconds }: Parts, top: number): Graph {
  const shown = samples.reduce((sum, one) => sum + (one.droppedPackets ?? 0), 0);
  return {
    id: 'drops',
    title: 'Drops',
    legend: [
      { look: 'lane', name: 'packets, last minute', value: count(shown) },
      { look: 'none', name: 'in all', value: count(lane.counters?.droppedPackets) },
    ],
    plot: {
      summary: `${lane.name}: ${count(shown)} packets dropped within the last minute`,
      height: 76,
      lines: [{ ink: 'lane', width: 0, fill: true, shape: 'bars' }],
      columns: [seconds, samples.map((one) => one.droppedPackets)],
      top,
      axisText: (value) => significant(value),
    },
  };
}

function delayGraph({ lane, samples, seconds, newest }: Parts, top: number): Graph {
  const delay = milliseconds(newest?.delaySeconds);
  const budgetMs = lane.control?.latencyBudgetMs ?? 0;
  return {
    id: 'delay',
    title: 'Delay',
    legend: [
      { look: 'lane', name: 'queue over drain rate', value: delay },
      { look: 'dashed', name: 'budget', value: budgetMs > 0 ? `${budgetMs} ms` : '–' },
    ],
    plot: {
      summary: `${lane.name}: queueing delay ${delay}, budget ${budgetMs} ms`,
      height: 98,
      isLast: true,
      lines: [
        { ink: 'ink', width: 1, dash: [6, 4] },
        { ink: 'lane', width: 1.5 },
      ],
      columns: [
        seconds,
        samples.map(() => (budgetMs > 0 && budgetMs <= top ? budgetMs : null)),
        samples.map((one) => (one.delaySeconds === null ? null : one.delaySeconds * 1e3)),
      ],
      top,
      axisText: (value) => `${significant(value)} ms`,
    },
  };
}
