import { SeededRandom } from '@levitate/clock';
import { Adam, cosineSchedule, type Kernel, Network } from '@levitate/neural';
import { ReserveCheckpoint } from './reserve-checkpoint.ts';
import { questionInputs, RESERVE_FEATURES, RESERVE_STATE_FEATURES } from './reserve-features.ts';
import { type ReserveStretch, reserveLoss } from './reserve-loss.ts';
import {
  type DemandSeries,
  type ReserveMoments,
  reserveInput,
  reserveSpec,
  reserveStates,
} from './reserve-network.ts';

/** Series of one kind, and how often a stretch is drawn from them. */
export interface ReserveCorpus {
  series: readonly DemandSeries[];
  weight: number;
}

/** How a reserve network is trained. */
export interface ReserveTrainingOptions {
  kernel: Kernel;
  seed: string;
  /** Of the hidden layers. */
  units: readonly number[];
  steps: number;
  learningRate: number;
  /** File that an interrupted training goes on from; none keeps nothing. */
  checkpoint?: string | undefined;
  signal?: AbortSignal | undefined;
  onStep?: (step: number, loss: number) => void;
}

/** Delays that are learned, seconds. */
const DELAYS_S = [1, 2, 3, 5] as const;
/** Prices are drawn between these, evenly by their logarithm. */
const PRICE_MIN = 0.015;
const PRICE_MAX = 0.7;
const STRETCHES = 48;
/** Seconds of a stretch that are scored. */
const SCORED_S = 24;
/** Seconds before which no stretch begins: the state knows nothing yet. */
const SETTLING_S = 120;
/** One second in so many is enough for the moments. */
const MOMENTS_STRIDE = 7;
/** Share of the newest step in the loss that is told. */
const TOLD_WEIGHT = 0.02;
/** Steps after which others may run. */
const PAUSE_STEPS = 50;
/** Steps between two checkpoints; about ten seconds. */
const CHECKPOINT_STEPS = 1_500;

interface PreparedSeries extends DemandSeries {
  states: Float32Array;
  references: Float64Array;
  mean: number;
}

interface PreparedCorpus {
  weight: number;
  series: PreparedSeries[];
  seconds: number;
}

/**
 * Train a reserve network on what it is for: the rejects and the reserve of a slow pool. Stretches
 * are drawn at random places of random series, each with its own price. The same options give the
 * same bytes, whether or not the training was interrupted and carried on from its checkpoint.
 * @throws the signal's reason; CheckpointError for a checkpoint that it cannot go on from
 */
export async function trainReserve(
  corpora: readonly ReserveCorpus[],
  options: ReserveTrainingOptions,
): Promise<{ network: Network; moments: ReserveMoments; loss: number }> {
  const { kernel, seed, steps, learningRate, signal } = options;
  const prepared = corpora.map(prepare);
  const moments = momentsOf(prepared);
  const network = new Network(reserveSpec(options.units), { kernel, seed });
  const adam = new Adam({ learningRate, clipNorm: 1 });
  const schedule = cosineSchedule({ peak: learningRate });
  const random = new SeededRandom(seed).fork('stretches');
  const kept = new ReserveCheckpoint({ options, moments, network, adam });
  const found = await kept.read();
  // What was drawn for the steps that are done is drawn again: chance goes on where it was.
  for (let step = 0; step < found.steps; step++) drawStretches(prepared, random);
  let { told } = found;
  for (let step = found.steps; step < steps; step++) {
    const stretches = drawStretches(prepared, random);
    const input = inputOf(stretches, moments);
    const loss = (output: Float32Array, gradient: Float32Array) =>
      reserveLoss(stretches.map(askedOf), output, gradient);
    const count = input.length / RESERVE_FEATURES;
    const { loss: value, gradients } = network.gradients({ input, count, loss, random });
    adam.update(network, gradients, schedule(step, steps));
    told = Number.isNaN(told) ? value : told + TOLD_WEIGHT * (value - told);
    if (step % PAUSE_STEPS !== 0) continue;
    options.onStep?.(step, told);
    await new Promise(setImmediate);
    if (step % CHECKPOINT_STEPS === 0 || signal?.aborted) await kept.write(step + 1, told);
    signal?.throwIfAborted();
  }
  return { network, moments, loss: told };
}

function prepare({ series, weight }: ReserveCorpus): PreparedCorpus {
  const prepared = series.map((each) => {
    const mean = each.demand.reduce((sum, value) => sum + value, 0) / each.demand.length;
    return { ...each, ...reserveStates(each), mean: Math.max(1e-3, mean) };
  });
  const seconds = prepared.reduce((sum, { demand }) => sum + demand.length, 0);
  return { weight, series: prepared, seconds };
}

function momentsOf(corpora: readonly PreparedCorpus[]): ReserveMoments {
  const sums = new Float64Array(RESERVE_STATE_FEATURES);
  const squares = new Float64Array(RESERVE_STATE_FEATURES);
  let count = 0;
  for (const { states, references } of corpora.flatMap(({ series }) => series)) {
    for (let second = 0; second < references.length; second += MOMENTS_STRIDE) {
      count += 1;
      for (let j = 0; j < RESERVE_STATE_FEATURES; j++) {
        const value = states[second * RESERVE_STATE_FEATURES + j] as number;
        sums[j] = (sums[j] as number) + value;
        squares[j] = (squares[j] as number) + value * value;
      }
    }
  }
  const means = [...sums].map((sum) => sum / count);
  const deviations = [...squares].map((square, j) => {
    const variance = square / count - (means[j] as number) ** 2;
    return variance > 1e-9 ? Math.sqrt(variance) : 1;
  });
  return { means, deviations };
}

/** A stretch that was drawn, with what is asked of it. */
interface DrawnStretch {
  series: PreparedSeries;
  from: number;
  price: number;
  delaySeconds: number;
}

function drawStretches(corpora: readonly PreparedCorpus[], random: SeededRandom): DrawnStretch[] {
  const delaySeconds = DELAYS_S[Math.floor(random.float() * DELAYS_S.length)] as number;
  const length = SCORED_S + delaySeconds;
  return Array.from({ length: STRETCHES }, () => {
    const { series, from } = drawPlace(corpora, { length, random });
    const price = PRICE_MIN * (PRICE_MAX / PRICE_MIN) ** random.float();
    return { series, from, price, delaySeconds };
  });
}

/** Rows of all seconds of all stretches, in their order. */
function inputOf(stretches: readonly DrawnStretch[], moments: ReserveMoments): Float32Array {
  const length = SCORED_S + (stretches[0]?.delaySeconds ?? 0);
  const input = new Float32Array(stretches.length * length * RESERVE_FEATURES);
  for (const [index, { series, from, price, delaySeconds }] of stretches.entries()) {
    const question = questionInputs({ price, delaySeconds });
    for (let row = 0; row < length; row++) {
      const at = (index * length + row) * RESERVE_FEATURES;
      reserveInput({ states: series.states, second: from + row, question }, moments, { input, at });
    }
  }
  return input;
}

/** What a stretch is scored by. */
function askedOf({ series, from, price, delaySeconds }: DrawnStretch): ReserveStretch {
  const to = from + SCORED_S + delaySeconds;
  const demand = series.demand.subarray(from, to);
  const references = series.references.subarray(from, to);
  return { demand, references, price, delaySeconds, scale: series.mean };
}

function drawPlace(
  corpora: readonly PreparedCorpus[],
  { length, random }: { length: number; random: SeededRandom },
): { series: PreparedSeries; from: number } {
  const weights = corpora.reduce((sum, { weight }) => sum + weight, 0);
  let drawn = random.float() * weights;
  const corpus = corpora.find(({ weight }) => {
    drawn -= weight;
    return drawn < 0;
  });
  const { series, seconds } = corpus ?? (corpora.at(-1) as PreparedCorpus);
  let place = Math.floor(random.float() * seconds);
  let at = 0;
  while (at < series.length - 1 && place >= (series[at] as PreparedSeries).demand.length) {
    place -= (series[at] as PreparedSeries).demand.length;
    at += 1;
  }
  const found = series[at] as PreparedSeries;
  const last = found.demand.length - length;
  return { series: found, from: Math.min(Math.max(place, Math.min(SETTLING_S, last)), last) };
}
