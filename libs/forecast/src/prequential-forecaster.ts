import { strict as assert } from 'node:assert';
import { SortedWindow } from '@levitate/series';
import type { Quantiles } from './burst-forecast.ts';
import { conformalQuantile } from './conformal-quantile.ts';
import {
  LEVEL_MAX,
  type LevelForecaster,
  type PointModel,
  usableLevel,
} from './level-forecaster.ts';

/** Bounds of a level forecaster. */
export interface LevelOptions {
  /** Furthest step that can be forecast. Default 10. */
  stepsMax?: number;
  /** Residuals kept per step; the quantiles follow a change within as many steps. Default 300. */
  residualsMax?: number;
  /** Least value of the quantity, e.g. 0 for a rate; no forecast is below. Default 0. */
  floor?: number;
}

/**
 * Gives a point model its quantiles: before it learns a value, every forecast it made for that step
 * is compared with it (prequential: Dawid, JRSS A 147, 1984), and the residuals of the newest
 * `residualsMax` forecasts of the same step ahead are its spread there. Nothing is assumed of their
 * distribution. Before the first residual the three quantiles are the point itself.
 */
export class PrequentialForecaster implements LevelForecaster {
  readonly name: string;
  readonly stepsMax: number;
  readonly #model: PointModel;
  readonly #floor: number;
  readonly #residuals: SortedWindow[];
  /** Points made at step t in slot t mod `stepsMax`. */
  readonly #made: number[][] = [];
  #now = 0;
  #points: number[] = [];
  #last = 0;

  constructor(parts: { name: string; model: PointModel } & LevelOptions) {
    const { name, model, stepsMax = 10, residualsMax = 300, floor = 0 } = parts;
    assert(Number.isInteger(stepsMax) && stepsMax >= 1, 'stepsMax is a whole number above 0');
    this.name = name;
    this.stepsMax = stepsMax;
    this.#model = model;
    this.#floor = floor;
    this.#residuals = Array.from({ length: stepsMax }, () => new SortedWindow(residualsMax));
  }

  learn(value: number | undefined): void {
    const usable = usableLevel(value);
    if (usable !== undefined) {
      this.#compare(usable);
      this.#last = usable;
    }
    this.#model.learn(usable);
    this.#points = this.#model.predict(this.stepsMax).map((point) => this.#sane(point));
    this.#made[this.#now % this.stepsMax] = this.#points;
    this.#now += 1;
  }

  forecast(steps: number): Quantiles[] {
    assert(steps >= 1 && steps <= this.stepsMax, `steps is within 1..${this.stepsMax}`);
    const quantiles: Quantiles[] = [];
    for (let index = 0; index < Math.min(steps, this.#points.length); index++) {
      quantiles.push({
        q50: this.#at(index, 0.5),
        q90: this.#at(index, 0.9),
        q99: this.#at(index, 0.99),
      });
    }
    return quantiles;
  }

  #at(index: number, q: number): number {
    const residuals = this.#residuals[index];
    const spread = residuals === undefined ? undefined : conformalQuantile(residuals, q);
    return this.#sane((this.#points[index] ?? 0) + (spread ?? 0));
  }

  #compare(value: number): void {
    for (let index = 0; index < this.stepsMax; index++) {
      const made = this.#now - index - 1;
      const point = made < 0 ? undefined : this.#made[made % this.stepsMax]?.[index];
      if (point !== undefined) this.#residuals[index]?.push(value - point);
    }
  }

  /** A model that lost itself answers with the last value. */
  #sane(point: number): number {
    if (!Number.isFinite(point)) return Math.max(this.#floor, this.#last);
    return Math.min(LEVEL_MAX, Math.max(this.#floor, point));
  }
}
