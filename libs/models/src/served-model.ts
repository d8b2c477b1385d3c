import type { ModelFile } from './model-file.ts';

/** A model that is built and can answer; made in the thread that asks it. */
export interface ServedModel {
  /** `name@version`. */
  readonly id: string;
  /** Kernel it computes with: `wasm`, `typescript`, `openblas`, `tfjs`. */
  readonly backend: string;
}

/**
 * The newest steps of one path on a regular grid, oldest first; what was not measured is NaN. All
 * three have the same length, and the last bandwidth is a number.
 */
export interface PathWindow {
  readonly stepMs: number;
  /** End of the last step, wall clock. */
  readonly endUnixMs: number;
  /** Bytes/s. */
  readonly bandwidth: Float64Array;
  /** Seconds. */
  readonly roundTrip: Float64Array;
  /** 0 to 1. */
  readonly loss: Float64Array;
}

/** A bandwidth forecast of one window: bytes/s for each step ahead. */
export interface PathForecast {
  readonly mean: readonly number[];
  /** Quantiles 0.1, 0.5 and 0.9 as the model and its conformal offsets give them. */
  readonly q10: readonly number[];
  readonly q50: readonly number[];
  readonly q90: readonly number[];
}

/** A learned bandwidth model. */
export interface BandwidthModel extends ServedModel {
  /** Forecasts of many windows in one pass, in their order, `outputs.steps` steps each. */
  forecast(windows: readonly PathWindow[]): PathForecast[];
}

/** Observations at irregular times: values of step `i` at `values[i * features]` and on. */
export interface ObservationWindow {
  /** Seconds since the step before; the first one's is ignored. */
  readonly elapsedSeconds: Float64Array;
  readonly values: Float64Array;
}

/** What each member of an ensemble says of one window. */
export interface EnsembleOutputs {
  /** `outputs[member][output]`. */
  readonly outputs: readonly (readonly number[])[];
  /** What one unit of the training targets is in these outputs; default 1 (see `coherenceOf`). */
  readonly scale?: number;
}

/** An ensemble of liquid networks. */
export interface LiquidModel extends ServedModel {
  readonly members: number;
  /** Variance of each output in the training targets: what coherence is measured against. */
  readonly targetVariance: readonly number[];
  /** Multiply-accumulates of one member for one step. */
  readonly macsOfStep: number;
  /** @param members how many of them answer, the first ones */
  infer(windows: readonly ObservationWindow[], members: number): EnsembleOutputs[];
}

/**
 * Builds a model of one capability out of its file.
 * @throws {ModelError} `features` for a model of other features, `shape` for one that cannot be
 */
export type ModelOpener<Model extends ServedModel> = (file: ModelFile) => Promise<Model>;
