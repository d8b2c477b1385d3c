import { ONSET_HORIZON_S, REQUEST_WINDOW_S, type RequestDay } from './request-day.ts';

const DAY_S = 86_400;
/** Cycles that request bursts follow, seconds, and how exactly: half-hours, hours, days. */
const CYCLES = [
  { lengthS: 1800, widthS: 4 },
  { lengthS: 3600, widthS: 4 },
  { lengthS: DAY_S, widthS: 20 },
] as const;
/** A density of onsets this low is none. */
const DENSITY_MIN = 1e-7;
interface Cycle {
  lengthS: number;
  /** Mean log ratio by phase. */
  ratios: Float64Array;
  /** Onsets a second by phase, smoothed. */
  density: Float64Array;
}

/**
 * What other days say of a time of day: the usual ratio to the baseline, by half-hour, hour and
 * day, and how often bursts began there. Learnt from days that are not the one it is asked about.
 */
export class ClockProfile {
  readonly #cycles: readonly Cycle[];
  readonly #levels: Float64Array;

  constructor(days: readonly RequestDay[]) {
    this.#cycles = CYCLES.map(({ lengthS, widthS }) => ({
      lengthS,
      ratios: meanByPhase(days, lengthS),
      density: onsetDensity(days, { lengthS, widthS }),
    }));
    this.#levels = new Float64Array(DAY_S);
    for (const { values } of days) {
      for (let second = 0; second < values.length; second++) {
        const share = (values[second] as number) / days.length;
        this.#levels[second] = (this.#levels[second] as number) + share;
      }
    }
  }

  /** Mean requests of the days at a second of the day. */
  level(second: number): number {
    return this.#levels[second % DAY_S] as number;
  }

  /** Nine numbers, three a cycle, for the seconds after this one. */
  features(second: number, baseline: number): number[] {
    const numbers: number[] = [];
    for (const { lengthS, ratios, density } of this.#cycles) {
      let highest = Number.NEGATIVE_INFINITY;
      let sum = 0;
      for (let ahead = 1; ahead <= ONSET_HORIZON_S; ahead++) {
        const at = second + ahead;
        highest = Math.max(highest, smoothed(ratios, at));
        sum += density[at % lengthS] as number;
      }
      numbers.push(highest, Math.log(DENSITY_MIN + sum / ONSET_HORIZON_S));
      // Of a day the single second is noise.
      if (lengthS < DAY_S) numbers.push(ratios[second % lengthS] as number);
    }
    numbers.push(Math.log((this.level(second) + 1) / (baseline + 1)));
    return numbers;
  }
}

/** Mean of a second and its neighbours, around the end of the cycle. */
function smoothed(values: Float64Array, at: number): number {
  const place = (index: number) =>
    values[((index % values.length) + values.length) % values.length];
  return ((place(at - 1) as number) + (place(at) as number) + (place(at + 1) as number)) / 3;
}

function meanByPhase(days: readonly RequestDay[], lengthS: number): Float64Array {
  const sums = new Float64Array(lengthS);
  const counts = new Float64Array(lengthS);
  for (const { ratios } of days) {
    for (let second = REQUEST_WINDOW_S; second < ratios.length; second++) {
      const phase = second % lengthS;
      sums[phase] = (sums[phase] as number) + (ratios[second] as number);
      counts[phase] = (counts[phase] as number) + 1;
    }
  }
  return sums.map((sum, phase) => sum / Math.max(1, counts[phase] as number));
}

/** Gaussian kernels around the onsets of the days (Parzen), per second. */
function onsetDensity(
  days: readonly RequestDay[],
  { lengthS, widthS }: { lengthS: number; widthS: number },
): Float64Array {
  const density = new Float64Array(lengthS);
  const cycles = (days.length * DAY_S) / lengthS;
  for (const { onsets } of days) {
    for (const onset of onsets) {
      for (let off = -4 * widthS; off <= 4 * widthS; off++) {
        const phase = (((onset + off) % lengthS) + lengthS) % lengthS;
        const kernel = Math.exp(-0.5 * (off / widthS) ** 2) / widthS;
        density[phase] = (density[phase] as number) + kernel / cycles;
      }
    }
  }
  return density;
}
