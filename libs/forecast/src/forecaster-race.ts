import { strict as assert } from 'node:assert';
import { SortedWindow } from '@levitate/series';
import { type ChoiceOptions, chooseBySkill } from './choose-by-skill.ts';
import { conformalQuantile } from './conformal-quantile.ts';
import { usableLevel } from './level-forecaster.ts';

/** A forecast with what the newest errors say of its spread. */
export interface Band {
  q10: number;
  q50: number;
  q90: number;
}

/** @see ForecasterRace */
export interface ForecasterRaceOptions extends ChoiceOptions {
  /** The forecaster that serves when no other has earned it. */
  baseline: string;
  /** Who won on validation: it serves until as many comparisons as count say otherwise. */
  preferred?: string | undefined;
  /** Furthest step ahead. Default 10. */
  stepsMax?: number;
  /** Errors kept per forecaster and step ahead; the bands follow within as many. Default 60. */
  residualsMax?: number;
  /** Steps after which an error counts half. Default 120. */
  halfLifeSteps?: number;
}

/**
 * Forecasters of one series side by side in service. Each says its points after every step and is
 * compared with what comes; the one with the least running error serves (`chooseBySkill`), so a
 * model that goes wrong is demoted and one that recovers comes back. The newest errors of each also
 * are its spread: a rolling recalibration by split conformal quantiles, per step ahead.
 */
export class ForecasterRace {
  readonly #options: ForecasterRaceOptions;
  readonly #stepsMax: number;
  readonly #remembered: number;
  readonly #runners = new Map<string, Runner>();
  #now = 0;
  #serving: string;

  constructor(options: ForecasterRaceOptions) {
    const { baseline, preferred, stepsMax = 10, halfLifeSteps = 120 } = options;
    this.#options = options;
    this.#stepsMax = stepsMax;
    this.#remembered = 0.5 ** (1 / halfLifeSteps);
    this.#serving = preferred ?? baseline;
  }

  /** Name of the forecaster that serves. */
  get serving(): string {
    return this.#serving;
  }

  /**
   * One step passes.
   * @param value what came; a missing one scores nothing
   * @returns error of each forecaster that said something of it, mean over the steps ahead
   */
  learn(value: number | undefined): { name: string; error: number }[] {
    const known = usableLevel(value);
    const errors: { name: string; error: number }[] = [];
    this.#now += 1;
    if (known === undefined) return errors;
    for (const [name, runner] of this.#runners) {
      const error = this.#compare(runner, known);
      if (error !== undefined) errors.push({ name, error });
    }
    this.#choose();
    return errors;
  }

  /** What a forecaster says after the newest step: its points, the first a step ahead. */
  offer(name: string, points: readonly number[]): void {
    assert(points.every(Number.isFinite), `${name} says numbers`);
    let runner = this.#runners.get(name);
    if (runner === undefined) {
      const residualsMax = this.#options.residualsMax ?? RESIDUALS_MAX;
      runner = newRunner(this.#stepsMax, residualsMax);
      this.#runners.set(name, runner);
    }
    const made = this.#now % (this.#stepsMax + 1);
    runner.made[made] = { at: this.#now, points: points.slice(0, this.#stepsMax) };
  }

  /** A model is gone: it no longer serves, nor runs. */
  withdraw(name: string): void {
    this.#runners.delete(name);
    if (this.#serving === name) this.#serving = this.#options.baseline;
  }

  /** The points with the spread of that forecaster's newest errors, never below 0. */
  bands(name: string, points: readonly number[]): Band[] {
    const residuals = this.#runners.get(name)?.residuals;
    return points.map((point, index) => {
      const window = residuals?.[index];
      const at = (q: number) => {
        const spread = window === undefined ? undefined : conformalQuantile(window, q);
        return Math.max(0, point + (spread ?? 0));
      };
      const q50 = Math.max(0, point);
      return { q10: Math.min(q50, at(0.1)), q50, q90: Math.max(q50, at(0.9)) };
    });
  }

  /** Running mean absolute error of each, in the quantity's unit. */
  scores(): { name: string; loss: number | undefined; count: number }[] {
    return Array.from(this.#runners, ([name, { sum, weight, count }]) => ({
      name,
      loss: weight === 0 ? undefined : sum / weight,
      count,
    }));
  }

  #compare(runner: Runner, value: number): number | undefined {
    let sum = 0;
    let steps = 0;
    for (let ahead = 1; ahead <= this.#stepsMax; ahead++) {
      const at = this.#now - ahead;
      const made = runner.made[at % (this.#stepsMax + 1)];
      const point = made?.at === at ? made.points[ahead - 1] : undefined;
      if (point === undefined) continue;
      runner.residuals[ahead - 1]?.push(value - point);
      sum += Math.abs(value - point);
      steps += 1;
    }
    if (steps === 0) return undefined;
    runner.sum = runner.sum * this.#remembered + sum / steps;
    runner.weight = runner.weight * this.#remembered + 1;
    runner.count += 1;
    return sum / steps;
  }

  #choose(): void {
    const { baseline, preferred, countMin = COUNT_MIN } = this.#options;
    const losses = this.scores();
    const bar = losses.find(({ name }) => name === baseline);
    const favourite = losses.find(({ name }) => name === preferred);
    const isYoung = preferred !== undefined && (favourite?.count ?? 0) < countMin;
    if (bar === undefined || (isYoung && this.#serving === preferred)) return;
    const others = losses.filter(({ name }) => name !== baseline);
    const options = { ...this.#options, countMin };
    this.#serving = chooseBySkill({ serving: this.#serving, losses: [bar, ...others], options });
  }
}

interface Runner {
  made: ({ at: number; points: readonly number[] } | undefined)[];
  residuals: SortedWindow[];
  sum: number;
  weight: number;
  count: number;
}

function newRunner(stepsMax: number, residualsMax: number): Runner {
  const residuals = Array.from({ length: stepsMax }, () => new SortedWindow(residualsMax));
  return { made: [], residuals, sum: 0, weight: 0, count: 0 };
}

const RESIDUALS_MAX = 60;
const COUNT_MIN = 60;
