import type { LevelForecaster, PointModel } from './level-forecaster.ts';
import { type LevelOptions, PrequentialForecaster } from './prequential-forecaster.ts';

/** Options of `ewma`. */
export interface EwmaOptions extends LevelOptions {
  /** Weight of the newest value. Default 0.4. */
  alpha?: number;
}

/** Exponentially weighted mean, the same for every step ahead. */
export function ewma(options: EwmaOptions = {}): LevelForecaster {
  const { alpha = 0.4 } = options;
  let mean: number | undefined;
  const model = flat((value) => {
    mean = mean === undefined ? value : mean + alpha * (value - mean);
    return mean;
  });
  return new PrequentialForecaster({ ...options, name: 'ewma', model });
}

/** Harmonic mean of the newest five values, as players of video estimate a path's bandwidth. */
export function harmonicMean(options: LevelOptions = {}): LevelForecaster {
  const newest: number[] = [];
  const model = flat((value) => {
    newest.push(value);
    if (newest.length > VALUES) newest.shift();
    return newest.length / newest.reduce((sum, each) => sum + 1 / Math.max(1, each), 0);
  });
  return new PrequentialForecaster({ ...options, name: 'harmonic-mean', model });
}

/** The same point for every step ahead; a missing value leaves it as it was. */
function flat(learn: (value: number) => number): PointModel {
  let point: number | undefined;
  return {
    learn(value) {
      if (value !== undefined) point = learn(value);
    },
    predict: (steps) => (point === undefined ? [] : new Array<number>(steps).fill(point)),
  };
}

const VALUES = 5;
