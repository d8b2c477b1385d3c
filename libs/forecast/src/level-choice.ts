import { strict as assert } from 'node:assert';
import type { Quantiles } from './burst-forecast.ts';
import { type ChoiceOptions, chooseBySkill } from './choose-by-skill.ts';
import { holtWinters } from './holt-winters.ts';
import type { LevelForecaster } from './level-forecaster.ts';
import { LevelScore } from './level-score.ts';
import { linear } from './linear.ts';
import { persistence } from './persistence.ts';
import type { LevelOptions } from './prequential-forecaster.ts';
import { seasonalNaive } from './seasonal-naive.ts';

/** Options of a `LevelChoice`. */
export interface LevelChoiceOptions extends ChoiceOptions {
  /** Baseline first. Default: `levelForecasters()`. */
  forecasters?: readonly [LevelForecaster, ...LevelForecaster[]];
  /** Furthest step that can be forecast. Default 10. */
  stepsMax?: number;
  /** Steps after which an error counts half in the choice. Default 120. */
  halfLifeSteps?: number;
}

/**
 * Several level forecasters on one series, all learning, the one with the best running score
 * serving (`chooseBySkill`); persistence while none has earned it.
 */
export class LevelChoice implements LevelForecaster {
  readonly name = 'level-choice';
  readonly #bank: readonly { forecaster: LevelForecaster; score: LevelScore }[];
  readonly #stepsMax: number;
  readonly #options: ChoiceOptions;
  #serving: LevelForecaster;

  constructor(options: LevelChoiceOptions = {}) {
    const { stepsMax = 10, halfLifeSteps = 120 } = options;
    const forecasters = options.forecasters ?? levelForecasters({ stepsMax });
    this.#stepsMax = stepsMax;
    this.#options = options;
    this.#serving = forecasters[0];
    this.#bank = forecasters.map((forecaster) => ({
      forecaster,
      score: new LevelScore({ stepsMax, halfLifeSteps }),
    }));
    const names = new Set(forecasters.map(({ name }) => name));
    assert(names.size === forecasters.length, 'every forecaster has its own name');
  }

  /** Name of the forecaster that serves now. */
  get serving(): string {
    return this.#serving.name;
  }

  /** Running score of each forecaster, baseline first. */
  scores(): { name: string; score: LevelScore }[] {
    return this.#bank.map(({ forecaster, score }) => ({ name: forecaster.name, score }));
  }

  learn(value: number | undefined): void {
    for (const { forecaster, score } of this.#bank) {
      forecaster.learn(value);
      score.learn({ value, forecast: forecaster.forecast(this.#stepsMax) });
    }
    const [baseline, ...others] = this.#bank.map(({ forecaster, score }) => ({
      name: forecaster.name,
      loss: score.loss,
      count: score.count,
    }));
    assert(baseline !== undefined);
    const chosen = chooseBySkill({
      serving: this.serving,
      losses: [baseline, ...others],
      options: this.#options,
    });
    const entry = this.#bank.find(({ forecaster }) => forecaster.name === chosen);
    if (entry !== undefined) this.#serving = entry.forecaster;
  }

  forecast(steps: number): Quantiles[] {
    return this.#serving.forecast(steps);
  }
}

/** One of each level forecaster, the baseline first. */
export function levelForecasters(
  options: LevelOptions = {},
): [LevelForecaster, ...LevelForecaster[]] {
  return [persistence(options), seasonalNaive(options), holtWinters(options), linear(options)];
}
