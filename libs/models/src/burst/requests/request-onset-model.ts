import { SeededRandom } from '@levitate/clock';
import {
  Adam,
  cosineSchedule,
  type Kernel,
  type LossFunction,
  Network,
  type NetworkSpec,
} from '@levitate/neural';
import { ClockProfile } from './clock-profile.ts';
import { type RequestDay, scoredSeconds } from './request-day.ts';
import { requestFeatures } from './request-features.ts';

/** One quiet second in so many is learned from, and counts for as many. */
const QUIET_STRIDE = 17;
const UNITS = 24;
const MEMBERS = 3;
const EPOCHS = 12;
const BATCH = 256;
const LEARNING_RATE = 3e-3;
/** Inputs beyond so many standard deviations are cut: a quiet night must not decide. */
const INPUT_MAX = 5;

/** Standardised inputs of the seconds learned from. */
interface Examples {
  inputs: Float32Array;
  features: number;
  outcomes: Uint8Array;
  weights: Float32Array;
  means: Float64Array;
  deviations: Float64Array;
}

/**
 * Onsets of real request bursts: a small dense ensemble on the last minute, the profile of other
 * days and the day's own cycles. Request bursts follow the clock, so most of it is the clock.
 */
export class RequestOnsetModel {
  readonly #members: readonly Network[];
  readonly #profile: ClockProfile;
  readonly #examples: Pick<Examples, 'means' | 'deviations' | 'features'>;

  private constructor(parts: {
    members: readonly Network[];
    profile: ClockProfile;
    examples: Examples;
  }) {
    this.#members = parts.members;
    this.#profile = parts.profile;
    this.#examples = parts.examples;
  }

  /**
   * Train on whole days. Each is described by the profile of the others, as a new day will be.
   * @param days at least two
   */
  static train(
    days: readonly RequestDay[],
    { kernel, seed }: { kernel: Kernel; seed: string },
  ): RequestOnsetModel {
    const examples = gather(days);
    const members = Array.from({ length: MEMBERS }, (_, member) =>
      fit(examples, { kernel, seed: `${seed} member ${member}` }),
    );
    return new RequestOnsetModel({ members, profile: new ClockProfile(days), examples });
  }

  get profile(): ClockProfile {
    return this.#profile;
  }

  /** Log odds that a burst starts within the horizon, for seconds of a day not learned from. */
  scores(day: RequestDay, seconds: readonly number[]): Float64Array {
    const { features } = this.#examples;
    const inputs = new Float32Array(seconds.length * features);
    seconds.forEach((second, row) => {
      const numbers = requestFeatures(day, { second, profile: this.#profile });
      inputs.set(standardised(numbers, this.#examples), row * features);
    });
    const scores = new Float64Array(seconds.length);
    for (const member of this.#members) {
      const output = member.predict(inputs, seconds.length);
      for (let row = 0; row < scores.length; row++) {
        scores[row] = (scores[row] as number) + (output[row] as number) / this.#members.length;
      }
    }
    return scores;
  }
}

function gather(days: readonly RequestDay[]): Examples {
  const rows: number[][] = [];
  const outcomes: number[] = [];
  for (const day of days) {
    const profile = new ClockProfile(days.filter((other) => other !== day));
    for (const second of scoredSeconds(day)) {
      const isComing = day.isComing[second] === 1;
      if (!isComing && second % QUIET_STRIDE !== 0) continue;
      rows.push(requestFeatures(day, { second, profile }));
      outcomes.push(isComing ? 1 : 0);
    }
  }
  const features = rows[0]?.length ?? 0;
  const means = new Float64Array(features);
  const deviations = new Float64Array(features);
  for (const row of rows) {
    for (let j = 0; j < features; j++) {
      means[j] = (means[j] as number) + (row[j] as number) / rows.length;
    }
  }
  for (const row of rows) {
    for (let j = 0; j < features; j++) {
      const off = (row[j] as number) - (means[j] as number);
      deviations[j] = (deviations[j] as number) + off ** 2 / rows.length;
    }
  }
  for (let j = 0; j < features; j++) deviations[j] = Math.sqrt(deviations[j] as number) || 1;
  const inputs = new Float32Array(rows.length * features);
  rows.forEach((row, index) => {
    inputs.set(standardised(row, { means, deviations }), index * features);
  });
  const weights = Float32Array.from(outcomes, (outcome) => (outcome === 1 ? 1 : QUIET_STRIDE));
  return { inputs, features, outcomes: Uint8Array.from(outcomes), weights, means, deviations };
}

function standardised(
  row: readonly number[],
  { means, deviations }: Pick<Examples, 'means' | 'deviations'>,
): number[] {
  return row.map((value, j) => {
    const scaled = (value - (means[j] as number)) / (deviations[j] as number);
    return Math.max(-INPUT_MAX, Math.min(INPUT_MAX, scaled));
  });
}

function fit(examples: Examples, { kernel, seed }: { kernel: Kernel; seed: string }): Network {
  const { inputs, features, outcomes, weights } = examples;
  const spec: NetworkSpec = {
    steps: 1,
    features,
    layers: [
      { kind: 'lastStep' },
      { kind: 'dense', units: UNITS, activation: 'tanh' },
      { kind: 'dense', units: 1, activation: 'linear' },
    ],
  };
  const network = new Network(spec, { kernel, seed });
  const adam = new Adam({ learningRate: LEARNING_RATE, clipNorm: 1 });
  const random = new SeededRandom(seed).fork('order');
  const order = Array.from(outcomes, (_, index) => index);
  const steps = EPOCHS * Math.ceil(order.length / BATCH);
  const schedule = cosineSchedule({ peak: LEARNING_RATE });
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, random);
    for (let from = 0; from < order.length; from += BATCH) {
      const rows = order.slice(from, from + BATCH);
      const input = new Float32Array(rows.length * features);
      rows.forEach((row, index) => {
        input.set(inputs.subarray(row * features, (row + 1) * features), index * features);
      });
      const loss = weightedCrossEntropy(rows, { outcomes, weights });
      const { gradients } = network.gradients({ input, count: rows.length, loss, random });
      adam.update(network, gradients, schedule(step, steps));
      step += 1;
    }
  }
  return network;
}

function weightedCrossEntropy(
  rows: readonly number[],
  { outcomes, weights }: Pick<Examples, 'outcomes' | 'weights'>,
): LossFunction {
  return (output, gradient) => {
    let loss = 0;
    rows.forEach((row, index) => {
      const logit = output[index] as number;
      const truth = outcomes[row] as number;
      const weight = (weights[row] as number) / rows.length;
      const softplus = Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit)));
      loss += weight * (softplus - truth * logit);
      gradient[index] = weight * (1 / (1 + Math.exp(-logit)) - truth);
    });
    return loss;
  };
}

function shuffle(order: number[], random: SeededRandom): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.float() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}
