import type { ObservationWindow, PathWindow } from '../served-model.ts';

/** What a liquid model of a path is given at each step, in this order. */
export const pathFeatureNames = [
  { name: 'bandwidth', unit: 'bytes/s' },
  { name: 'round_trip', unit: 's; below 0 or NaN: not measured' },
  { name: 'loss_ratio', unit: '0 to 1; below 0 or NaN: not measured' },
  { name: 'second_of_day', unit: 's UTC; below 0 or NaN: not known' },
  { name: 'day_of_week', unit: 'days from Monday, UTC; below 0 or NaN: not known' },
] as const;

const DAY_S = 86_400;

/**
 * A regular window as observations at irregular times: a step without a bandwidth is no observation
 * and makes the next one's elapsed time longer. Nothing is filled in.
 * @param options.hasClock whether the window's wall clock means anything; default true
 */
export function observationsOfPath(
  window: PathWindow,
  { hasClock = true }: { hasClock?: boolean } = {},
): ObservationWindow {
  const { bandwidth, roundTrip, loss, stepMs, endUnixMs } = window;
  const elapsed: number[] = [];
  const values: number[] = [];
  let last = -1;
  for (let index = 0; index < bandwidth.length; index++) {
    const rate = bandwidth[index] as number;
    if (!Number.isFinite(rate) || rate < 0) continue;
    elapsed.push((Math.max(1, index - last) * stepMs) / 1000);
    last = index;
    const unixS = (endUnixMs - (bandwidth.length - 1 - index) * stepMs) / 1000;
    // 1 January 1970 was a Thursday.
    const day = hasClock ? (Math.floor(unixS / DAY_S) + 3) % 7 : -1;
    const second = hasClock ? unixS % DAY_S : -1;
    values.push(rate, measured(roundTrip[index]), measured(loss[index]), second, day);
  }
  if (elapsed.length > 0) elapsed[0] = stepMs / 1000;
  return { elapsedSeconds: Float64Array.from(elapsed), values: Float64Array.from(values) };
}

function measured(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : -1;
}
