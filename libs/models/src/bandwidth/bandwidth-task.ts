import type { SeededRandom } from '@levitate/clock';
import type { LossFunction, Network, NetworkSpec, TrainingTask } from '@levitate/neural';
import type { PathWindow } from '../served-model.ts';
import { BANDWIDTH_FEATURES, encodeWindow, type LearnedInputs } from './bandwidth-features.ts';
import { addStepLoss, type BandwidthTarget, outputAt } from './bandwidth-loss.ts';
import { bandwidthSpec } from './bandwidth-network.ts';
import type { BandwidthSetName } from './bandwidth-sets.ts';
import type { BandwidthTrace } from './bandwidth-trace.ts';
import { BandwidthValidation } from './bandwidth-validation.ts';
import { eachWindow, HORIZON, meanAhead, SEQUENCE, SHORT_SEQUENCE } from './bandwidth-windows.ts';
import { cutSeries } from './cut-series.ts';
import { learnedInputs } from './learned-inputs.ts';
import { readBandwidthTraces } from './read-bandwidth-traces.ts';
import { splitTraces } from './split-traces.ts';
import { type PathWarp, warpPath } from './warp-path.ts';

/** What `openTask` is given. */
export interface BandwidthTaskOptions {
  dataDirectory: string;
  /** Of the split; the same in every worker. */
  splitSeed: number | string;
  /** Files of each set; all without it. */
  filesMax?: number | undefined;
  /** Of all the traces; a checkpoint is gone on from with the same data only. */
  dataSha256?: string | undefined;
  /** What tells this network from the others of its ensemble. */
  variant?: BandwidthVariant | undefined;
}

/** How a member of the ensemble learns. */
export interface BandwidthVariant {
  /** Share of outputs dropped behind each LSTM. */
  dropout: number;
  /** Absent: the traces as they are. */
  warp?: PathWarp | undefined;
}

/** This module, for `train`. */
export const bandwidthTaskModule = new URL(import.meta.url);

/** The training of the bandwidth network, opened once in each worker. */
export function openTask(options: unknown): TrainingTask {
  const { dataDirectory, splitSeed, filesMax, variant } = options as BandwidthTaskOptions;
  const traces = readBandwidthTraces({ dataDirectory, ...(filesMax && { filesMax }) });
  const parts = splitTraces(traces, splitSeed);
  const of = (part: string) => traces.filter((_, index) => parts[index] === part);
  return new BandwidthTask({ training: of('training'), validation: of('validation'), variant });
}

/** Seconds between the sequences of one trace within an epoch. */
const HOP = 25;
/** Share of the sequences that begin later than their window: what is known of a young path. */
const YOUNG_SHARE = 0.15;
/**
 * What an error weighs by set, beside its being relative to the set's mean. The sets of phones are
 * the hardest to move; the figure that is held against bars is the mean over sets.
 */
const SET_WEIGHTS: Readonly<Record<BandwidthSetName, number>> = {
  '4g': 1,
  '5g': 1.5,
  oboe: 1.5,
  ucc: 0.5,
};

/**
 * Sequences of 100 s cut from the training traces at places drawn anew each time. The network
 * answers after every second, and every answer from the 30th on is scored: one pass over a sequence
 * teaches 71 windows of 30 to 100 s.
 */
class BandwidthTask implements TrainingTask {
  readonly spec: NetworkSpec;
  readonly trainingCount: number;
  readonly #places: readonly Place[];
  readonly #means: ReadonlyMap<BandwidthSetName, number>;
  readonly #learned: LearnedInputs;
  readonly #warp: PathWarp | undefined;
  readonly #validation: BandwidthValidation;

  constructor(of: {
    training: BandwidthTrace[];
    validation: BandwidthTrace[];
    variant: BandwidthVariant | undefined;
  }) {
    this.spec = bandwidthSpec({ answers: 'every step', dropout: of.variant?.dropout });
    this.#warp = of.variant?.warp;
    this.#places = of.training.flatMap((trace) => {
      const last = trace.series.bandwidthBytesPerSecond.length - SEQUENCE - HORIZON;
      const count = Math.max(1, Math.floor(last / HOP));
      return Array.from({ length: count }, (_, index) => ({ trace, start: index * HOP }));
    });
    this.trainingCount = this.#places.length;
    this.#means = setMeans(of.training);
    this.#learned = learnedInputs(of.training);
    this.#validation = new BandwidthValidation(of.validation, this.#learned);
  }

  fill(
    indices: readonly number[],
    random: SeededRandom,
  ): { input: Float32Array; loss: LossFunction } {
    const width = SEQUENCE * BANDWIDTH_FEATURES;
    const input = new Float32Array(indices.length * width);
    const targets: Placed[] = [];
    for (const [sequence, index] of indices.entries()) {
      const { trace, start } = this.#places[index] as Place;
      const begin = start + random.integer(HOP);
      const isYoung = random.float() < YOUNG_SHARE;
      const skipped = isYoung ? random.integer(SEQUENCE - SHORT_SEQUENCE) : 0;
      const stretch = this.#stretch(trace, { begin, skipped, random });
      const {
        input: encoded,
        base,
        scale,
      } = encodeWindow(stretch.path, {
        learned: this.#learned,
      });
      input.set(encoded, sequence * width);
      const mean = this.#means.get(trace.set) ?? 1;
      for (let step = skipped + SHORT_SEQUENCE - 1; step < SEQUENCE; step++) {
        const unit = { base: base[step] as number, scale: scale[step] as number };
        const target = targetAfter(stretch.bandwidth, { second: step, ...unit });
        if (target === undefined) continue;
        target.weight = (SET_WEIGHTS[trace.set] * unit.scale) / stretch.scale / mean;
        const at = outputAt({ sequence, step, steps: SEQUENCE });
        targets.push({ at, target });
      }
    }
    return { input, loss: lossOver(targets) };
  }

  /** A sequence with what comes after it: what the network sees, and what it is to say. */
  #stretch(
    { series }: BandwidthTrace,
    { begin, skipped, random }: { begin: number; skipped: number; random: SeededRandom },
  ): { path: PathWindow; bandwidth: Float64Array; scale: number } {
    const path = cutSeries(series, begin + skipped, begin + SEQUENCE);
    const bandwidth = series.bandwidthBytesPerSecond.subarray(begin, begin + SEQUENCE + HORIZON);
    if (this.#warp === undefined) return { path, bandwidth, scale: 1 };
    const known = { from: skipped, to: SEQUENCE };
    const warped = warpPath(bandwidth, { warp: this.#warp, known, random });
    const seen = warped.bandwidth.subarray(skipped, SEQUENCE);
    return { path: { ...path, bandwidth: seen }, ...warped };
  }

  validate(network: Network): number {
    return this.#validation.score(network);
  }
}

/** Where a sequence begins, before it is drawn exactly. */
interface Place {
  trace: BandwidthTrace;
  start: number;
}

interface Placed {
  at: number;
  target: BandwidthTarget;
}

function lossOver(targets: readonly Placed[]): LossFunction {
  return (output, gradient, count) => {
    const share = 1 / (count * (SEQUENCE - SHORT_SEQUENCE + 1));
    return targets.reduce(
      (loss, { at, target }) => loss + addStepLoss({ output, gradient, at, target, share }),
      0,
    );
  };
}

function targetAfter(
  values: Float64Array,
  { second, base, scale }: { second: number; base: number; scale: number },
): BandwidthTarget | undefined {
  const mean = meanAhead(values, second);
  if (mean === undefined) return undefined;
  const steps = Float64Array.from(
    { length: HORIZON },
    (_, step) => ((values[second + 1 + step] ?? Number.NaN) - base) / scale,
  );
  return { mean: (mean - base) / scale, steps, weight: 1 };
}

function setMeans(traces: readonly BandwidthTrace[]): Map<BandwidthSetName, number> {
  const means = new Map<BandwidthSetName, number>();
  for (const set of new Set(traces.map((trace) => trace.set))) {
    const actuals = traces
      .filter((trace) => trace.set === set)
      .flatMap(({ series }) => eachWindow(series).map(({ actual }) => actual));
    const sum = actuals.reduce((total, actual) => total + actual, 0);
    means.set(set, Math.max(1, sum / Math.max(1, actuals.length)));
  }
  return means;
}
