import type { LevelForecaster, PointModel } from './level-forecaster.ts';
import { type LevelOptions, PrequentialForecaster } from './prequential-forecaster.ts';

/** The last value goes on. The baseline that every other level forecaster has to beat. */
export function persistence(options: LevelOptions = {}): LevelForecaster {
  return new PrequentialForecaster({ ...options, name: 'persistence', model: new LastValue() });
}

class LastValue implements PointModel {
  #last: number | undefined;

  learn(value: number | undefined): void {
    this.#last = value ?? this.#last;
  }

  predict(steps: number): number[] {
    return this.#last === undefined ? [] : new Array<number>(steps).fill(this.#last);
  }
}
