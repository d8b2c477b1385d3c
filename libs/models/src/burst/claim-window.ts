import type { OnsetForecast } from '@levitate/forecast';

/** Half of the window in which an onset makes a claim true, bins of a second (SPEC 3.1). */
const TOLERANCE = 1;
/** Steps in which the middle of the window is moved, bins. */
const STEP = 0.25;

/** An expert agrees whose window holds at least this share of what the best one does. */
const AGREEMENT = 0.9;

/** The window of two seconds that most likely holds the onset. */
export interface ClaimWindow {
  /** Its middle, seconds from now: what a claim would name. */
  timeS: number;
  /** Probability that the onset falls within it. */
  probability: number;
  /** Standard deviation of the onset's time, given that it falls within the horizon, seconds. */
  sdS: number;
}

/**
 * Where a claim is most likely to come true: masses of one-second bins, even within a bin.
 * @param masses probability of an onset in each second ahead
 */
export function bestClaimWindow(masses: readonly number[]): ClaimWindow {
  const within = massAround(masses);
  let best = 0;
  let from = 0;
  let to = 0;
  for (let timeS = 0; timeS <= masses.length; timeS += STEP) {
    const probability = within(timeS);
    if (probability > best * (1 + 1e-6)) {
      best = probability;
      from = timeS;
      to = timeS;
    } else if (probability >= best * (1 - 1e-6) && to === timeS - STEP) to = timeS;
  }
  // Where many middles are as good, the one between them.
  return { timeS: (from + to) / 2, probability: best, sdS: deviation(masses) };
}

/**
 * A standing claim at a time that is known better: that of an expert who is surer of it than the
 * bins can say, where the window around it holds nearly as much. A claim is opened by the bins:
 * early in a ramp the experts are surer than they are right (validation: 57 instead of 16 claims in
 * a thousand false). Nor is it moved by more than the tolerance, which would make another one of
 * it (SPEC 3.1).
 *
 * @param at.experts what the statistical forecasters said at the same moment
 * @param at.standingS the onset that was claimed before, seconds from now; undefined: none was
 */
export function sharpened(
  window: ClaimWindow,
  at: {
    masses: readonly number[];
    experts: readonly OnsetForecast[];
    standingS: number | undefined;
  },
): ClaimWindow {
  const { standingS } = at;
  if (standingS === undefined) return window;
  const within = massAround(at.masses);
  let sharpest = window;
  for (const said of at.experts) {
    if (said.abstained !== undefined || said.sdS >= sharpest.sdS) continue;
    if (within(said.timeS) < AGREEMENT * window.probability) continue;
    if (Math.abs(said.timeS - standingS) > TOLERANCE) continue;
    sharpest = { ...window, timeS: said.timeS, sdS: said.sdS };
  }
  return sharpest;
}

/** Probability of an onset within the tolerance around a time, masses even within a bin. */
function massAround(masses: readonly number[]): (timeS: number) => number {
  const upTo = [0];
  for (const mass of masses) upTo.push((upTo.at(-1) as number) + mass);
  const cumulative = (timeS: number) => {
    const bounded = Math.min(masses.length, Math.max(0, timeS));
    const bin = Math.min(masses.length - 1, Math.floor(bounded));
    return (upTo[bin] as number) + (bounded - bin) * (masses[bin] as number);
  };
  return (timeS) => cumulative(timeS + TOLERANCE) - cumulative(timeS - TOLERANCE);
}

function deviation(masses: readonly number[]): number {
  let sum = 0;
  let first = 0;
  let second = 0;
  masses.forEach((mass, bin) => {
    sum += mass;
    first += mass * (bin + 0.5);
    second += mass * (bin + 0.5) ** 2;
  });
  if (sum <= 0) return 0;
  // 1/12: the onset is somewhere within its bin.
  return Math.sqrt(Math.max(0, second / sum - (first / sum) ** 2) + 1 / 12);
}
