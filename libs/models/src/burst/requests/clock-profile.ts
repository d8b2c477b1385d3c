import { ONSET_HORIZON_S, REQUEST_WINDOW_S, type RequestDay } from './request-day.ts';

const DAY_S = 86_400;
/** Cycles whose seconds are known one by one, seconds, and how exactly onsets follow them. */
const CYCLES = [
  { lengthS: 1800, widthS: 4 },
  { lengthS: 3600, widthS: 4 },
] as const;
/** Of a day the single second is chance: its onsets by ten seconds, its level by the minute. */
const DAY_WIDTH_S = 20;
const DAY_ONSETS_S = 10;
const DAY_LEVEL_S = 60;
/** A density of onsets this low is none. */
const DENSITY_MIN = 1e-7;
/** Names and units of what a profile says of a second. */
export const profileFeatures: readonly { name: string; unit: string }[] = [
  ...CYCLES.flatMap(({ lengthS }) => [
    { name: `highest_at_${lengthS}s`, unit: 'log2 of ratio to baseline' },
    { name: `onsets_at_${lengthS}s`, unit: 'ln of onsets/s' },
    { name: `ratio_at_${lengthS}s`, unit: 'log2 of ratio to baseline' },
  ]),
  { name: 'onsets_at_day', unit: 'ln of onsets/s' },
  { name: 'level_at_day', unit: 'ln of ratio to baseline' },
];

/** What a profile is made of, by name: what a model's file keeps of it. */
export interface ProfileTable {
  name: string;
  values: Float64Array;
}

/**
 * What other days say of a time of day: the usual ratio to the baseline by half-hour and hour, how
 * often bursts began there and at that time of day, and the usual level.
 */
export class ClockProfile {
  /** In the order of `profileTables`. */
  readonly tables: readonly ProfileTable[];

  /** @param tables as `profileTables` names them, of those lengths */
  constructor(tables: readonly ProfileTable[]) {
    this.tables = tables;
  }

  /** Learn from whole days. */
  static of(days: readonly RequestDay[]): ClockProfile {
    const values = [
      ...CYCLES.flatMap(({ lengthS, widthS }) => [
        meanByPhase(days, lengthS),
        onsetDensity(days, { lengthS, widthS, binS: 1 }),
      ]),
      onsetDensity(days, { lengthS: DAY_S, widthS: DAY_WIDTH_S, binS: DAY_ONSETS_S }),
      meanLevels(days),
    ];
    return new ClockProfile(
      // Rounded as a model's file keeps them, so that it answers alike before and after.
      profileTables.map(({ name }, index) => ({
        name,
        values: (values[index] as Float64Array).map(Math.fround),
      })),
    );
  }

  /** Mean requests of the days at a second of the day. */
  level(second: number): number {
    const levels = this.#values(2 * CYCLES.length + 1);
    return levels[Math.floor((second % DAY_S) / DAY_LEVEL_S)] as number;
  }

  /** As `profileFeatures` names them, for the seconds after this one. */
  features(second: number, baseline: number): number[] {
    const numbers: number[] = [];
    CYCLES.forEach(({ lengthS }, cycle) => {
      const ratios = this.#values(2 * cycle);
      const density = this.#values(2 * cycle + 1);
      let highest = Number.NEGATIVE_INFINITY;
      let sum = 0;
      for (let ahead = 1; ahead <= ONSET_HORIZON_S; ahead++) {
        highest = Math.max(highest, smoothed(ratios, second + ahead));
        sum += density[(second + ahead) % lengthS] as number;
      }
      numbers.push(highest, Math.log(DENSITY_MIN + sum / ONSET_HORIZON_S));
      numbers.push(ratios[second % lengthS] as number);
    });
    const ahead = Math.floor(((second + ONSET_HORIZON_S / 2) % DAY_S) / DAY_ONSETS_S);
    const daily = this.#values(2 * CYCLES.length)[ahead] as number;
    numbers.push(Math.log(DENSITY_MIN + daily));
    numbers.push(Math.log((this.level(second) + 1) / (baseline + 1)));
    return numbers;
  }

  #values(index: number): Float64Array {
    return this.tables[index]?.values as Float64Array;
  }
}

/** Names and lengths of the tables of a profile. */
export const profileTables: readonly { name: string; length: number }[] = [
  ...CYCLES.flatMap(({ lengthS }) => [
    { name: `profile/ratio_${lengthS}s`, length: lengthS },
    { name: `profile/onsets_${lengthS}s`, length: lengthS },
  ]),
  { name: 'profile/onsets_day', length: DAY_S / DAY_ONSETS_S },
  { name: 'profile/level_day', length: DAY_S / DAY_LEVEL_S },
];

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

function meanLevels(days: readonly RequestDay[]): Float64Array {
  const sums = new Float64Array(DAY_S / DAY_LEVEL_S);
  const counts = new Float64Array(sums.length);
  for (const { values } of days) {
    values.forEach((value, second) => {
      const minute = Math.floor((second % DAY_S) / DAY_LEVEL_S);
      sums[minute] = (sums[minute] as number) + value;
      counts[minute] = (counts[minute] as number) + 1;
    });
  }
  return sums.map((sum, minute) => sum / Math.max(1, counts[minute] as number));
}

/** Gaussian kernels around the onsets of the days (Parzen), per second. */
function onsetDensity(
  days: readonly RequestDay[],
  { lengthS, widthS, binS }: { lengthS: number; widthS: number; binS: number },
): Float64Array {
  const density = new Float64Array(lengthS / binS);
  const cycles = (days.length * DAY_S) / lengthS;
  for (const { onsets } of days) {
    for (const onset of onsets) {
      for (let off = -4 * widthS; off <= 4 * widthS; off++) {
        const phase = (((onset + off) % lengthS) + lengthS) % lengthS;
        const kernel = Math.exp(-0.5 * (off / widthS) ** 2) / widthS;
        const bin = Math.floor(phase / binS);
        density[bin] = (density[bin] as number) + kernel / cycles / binS;
      }
    }
  }
  return density;
}
