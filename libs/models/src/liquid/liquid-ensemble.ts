import { type LiquidEnd, type LiquidNetwork, plainLiquidEnd } from '@levitate/neural';
import { SEQUENCE } from '../bandwidth/bandwidth-windows.ts';
import type { EnsembleOutputs, LiquidModel, ObservationWindow } from '../served-model.ts';
import { type PathSenses, pathInputs } from './path-features.ts';
import { pathFeatureNames } from './path-observation.ts';

/** Most observations that are looked back on; older ones of a window are left out. */
const STEPS_MAX = SEQUENCE;
/** A forecast above so many times the highest rate of the window is no forecast. */
const TIMES_PEAK_MAX = 3;

/** What an ensemble is made of. */
export interface LiquidEnsembleOptions {
  id: string;
  networks: readonly LiquidNetwork[];
  /** What computes each network; default the networks themselves, as in training. */
  ends?: readonly LiquidEnd[];
  senses: PathSenses;
  /** Of each output in training, in the square of the path's trailing level. */
  targetVariance: readonly number[];
}

/**
 * Members of different seeds that forecast the bandwidth of a path for the next ten seconds from
 * irregular observations. One thread at a time: members keep scratch memory.
 */
export class LiquidEnsemble implements LiquidModel {
  readonly id: string;
  readonly backend: string;
  readonly targetVariance: readonly number[];
  readonly macsOfStep: number;
  readonly #ends: readonly LiquidEnd[];
  readonly #senses: PathSenses;

  constructor({ id, networks, ends, senses, targetVariance }: LiquidEnsembleOptions) {
    this.id = id;
    this.#ends = ends ?? networks.map(plainLiquidEnd);
    this.backend = this.#ends[0]?.backend ?? '';
    this.#senses = senses;
    this.targetVariance = targetVariance;
    this.macsOfStep = Math.max(...networks.map(({ macs }) => macs));
  }

  get members(): number {
    return this.#ends.length;
  }

  /**
   * @returns for each window bytes/s of each second ahead by each member, finite and at least 0;
   * `scale` is the trailing level, in whose square `targetVariance` is
   * @throws RangeError for a window without an observation or with a rate that is no number
   */
  infer(windows: readonly ObservationWindow[], members = this.members): EnsembleOutputs[] {
    const used = this.#ends.slice(0, Math.max(1, members));
    return windows.map((window) => {
      const newest = newestOf(window);
      const { inputs, timespans, scale, base, steps } = pathInputs(newest, this.#senses);
      const level = scale[steps - 1] as number;
      const from = base[steps - 1] as number;
      const most = TIMES_PEAK_MAX * Math.max(level, peakOf(newest));
      const outputs = used.map((end) => {
        const last = end.end({ values: inputs, steps, timespans });
        return Array.from(last, (value) => Math.min(most, Math.max(0, from + level * value)));
      });
      return { outputs, scale: level };
    });
  }
}

function newestOf({ elapsedSeconds, values }: ObservationWindow): ObservationWindow {
  const fields = pathFeatureNames.length;
  const steps = elapsedSeconds.length;
  if (steps === 0) throw new RangeError('a window without an observation');
  if (values.length !== steps * fields) {
    throw new RangeError(`${values.length} values for ${steps} observations of ${fields}`);
  }
  for (let t = 0; t < steps; t++) {
    const rate = values[t * fields] as number;
    if (!(Number.isFinite(rate) && rate >= 0)) {
      throw new RangeError(`the bandwidth of observation ${t} is ${rate}`);
    }
    const elapsed = elapsedSeconds[t] as number;
    if (t > 0 && !(elapsed > 0)) {
      throw new RangeError(`observation ${t} comes ${elapsed} s after the one before`);
    }
  }
  const from = Math.max(0, steps - STEPS_MAX);
  return {
    elapsedSeconds: elapsedSeconds.subarray(from),
    values: values.subarray(from * fields),
  };
}

function peakOf({ values }: ObservationWindow): number {
  let peak = 0;
  for (let at = 0; at < values.length; at += pathFeatureNames.length) {
    peak = Math.max(peak, values[at] as number);
  }
  return peak;
}
