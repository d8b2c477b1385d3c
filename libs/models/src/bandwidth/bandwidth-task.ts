import type { SeededRandom } from '@levitate/clock';
import type { LossFunction, Network, NetworkSpec, TrainingTask } from '@levitate/neural';
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

/** What `openTask` is given. */
export interface BandwidthTaskOptions {
  dataDirectory: string;
  /** Of the split; the same in every worker. */
  splitSeed: number | string;
  /** Files of each set; all without it. */
  filesMax?: number | undefined;
  /** Of all the traces; a checkpoint is gone on from with the same data only. */
  dataSha256?: string | undefined;
}

/** This module, for `train`. */
export const bandwidthTaskModule = new URL(import.meta.url);

/** The training of the bandwidth network, opened once in each worker. */
export function openTask(options: unknown): TrainingTask {
  const { dataDirectory, splitSeed, filesMax } = options as BandwidthTaskOptions;
  const traces = readBandwidthTraces({ dataDirectory, ...(filesMax && { filesMax }) });
  const parts = splitTraces(traces, splitSeed);
  const of = (part: string) => traces.filter((_, index) => parts[index] === part);
  return new BandwidthTask({ training: of('training'), validation: of('validation') });
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
  readonly spec: NetworkSpec = bandwidthSpec({ answers: 'every step' });
  readonly trainingCount: number;
  readonly #places: readonly Place[];
  readonly #means: ReadonlyMap<BandwidthSetName, number>;
  readonly #learned: LearnedInputs;
  readonly #validation: BandwidthValidation;

  constructor(of: { training: BandwidthTrace[]; validation: BandwidthTrace[] }) {
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
      const path = cutSeries(trace.series, begin + skipped, begin + SEQUENCE);
      const { input: encoded, base, scale } = encodeWindow(path, { learned: this.#learned });
      input.set(encoded, sequence * width);
      const mean = this.#means.get(trace.set) ?? 1;
      for (let step = skipped + SHORT_SEQUENCE - 1; step < SEQUENCE; step++) {
        const unit = { base: base[step] as number, scale: scale[step] as number };
        const target = targetAfter(trace, { second: begin + step, ...unit });
        if (target === undefined) continue;
        target.weight = (SET_WEIGHTS[trace.set] * unit.scale) / mean;
        const at = outputAt({ sequence, step, steps: SEQUENCE });
        targets.push({ at, target });
      }
    }
    return { input, loss: lossOver(targets) };
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
  { series }: BandwidthTrace,
  { second, base, scale }: { second: number; base: number; scale: number },
): BandwidthTarget | undefined {
  const { bandwidthBytesPerSecond: values } = series;
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
