import {
  fitLogistic,
  type LogisticModel,
  logisticScore,
  type SecondForecast,
} from '@levitate/models';

import type { ForecastLink, LinkSecond } from './link-seconds.ts';
import type { SimpleAlarm } from './simple-alarms.ts';

/** Seconds of the window it looks at. */
const WINDOW_S = 60;
const HORIZON_MS = 10_000;
/** The mean and the peak of each second, and the time since the last onset. */
const FEATURES = 2 * WINDOW_S + 1;

/** Logistic regression on the last 60 s, and when its alarms came true. */
export interface LogisticAlarmModel {
  model: LogisticModel;
  /** Mean time to the burst where one came and was announced, milliseconds. */
  meanTimeMs: number;
}

/** Fit on links whose seeds no test has. */
export function fitLogisticAlarm(links: readonly ForecastLink[]): LogisticAlarmModel {
  const inputs: number[] = [];
  const outcomes: number[] = [];
  const times: number[] = [];
  for (const { seconds, onsetsMs, endMs } of links) {
    seconds.forEach(({ atMs }, index) => {
      if (index < WINDOW_S || atMs > endMs - HORIZON_MS) return;
      const next = onsetsMs.find((onsetMs) => onsetMs > atMs);
      const comes = next !== undefined && next <= atMs + HORIZON_MS;
      inputs.push(...windowOf(seconds, index));
      outcomes.push(comes ? 1 : 0);
      times.push(comes ? next - atMs : Number.NaN);
    });
  }
  const rows = {
    inputs: Float64Array.from(inputs),
    features: FEATURES,
    outcomes: Uint8Array.from(outcomes),
  };
  const model = fitLogistic(rows);
  const announced = times.filter(
    (time, row) => !Number.isNaN(time) && logisticScore(model, rows.inputs, row * FEATURES) >= 0,
  );
  const sum = announced.reduce((total, time) => total + time, 0);
  return { model, meanTimeMs: announced.length > 0 ? sum / announced.length : HORIZON_MS / 2 };
}

/** The alarm of a fitted model: on where a burst is more likely than not. */
export function logisticAlarm({ model, meanTimeMs }: LogisticAlarmModel): SimpleAlarm {
  return (seconds) =>
    seconds.map(({ atMs }, index): SecondForecast => {
      if (index < WINDOW_S) return { atMs, tauMs: undefined };
      const isOn = logisticScore(model, Float64Array.from(windowOf(seconds, index))) >= 0;
      return { atMs, tauMs: isOn ? atMs + meanTimeMs : undefined };
    });
}

function windowOf(seconds: readonly LinkSecond[], index: number): number[] {
  const now = seconds[index] as LinkSecond;
  const level = Math.max(1, now.baseline);
  const window: number[] = [];
  for (let back = 0; back < WINDOW_S; back++) {
    const { mean, peak } = seconds[index - back] as LinkSecond;
    window.push(Math.log2(Math.max(1, mean) / level), Math.log2(Math.max(1, peak) / level));
  }
  const last = now.lastOnsetsMs.at(-1);
  window.push(Math.min(60, last === undefined ? 60 : (now.atMs - last) / 1000));
  return window;
}
