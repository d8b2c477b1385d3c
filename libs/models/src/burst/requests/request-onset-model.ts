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
import { type RequestDay, type SeenRequestDay, scoredSeconds } from './request-day.ts';
import { requestFeatures } from './request-features.ts';

/** One quiet second in so many is learned from, and counts for as many. */
const QUIET_STRIDE = 17;
const BATCH = 256;
const LEARNING_RATE = 3e-3;
/** Inputs beyond so many standard deviations are cut: a quiet night must not decide. */
const INPUT_MAX = 5;

/** How large a model is and how long it learns. */
export interface RequestOnsetRecipe {
  /** Hidden units of a member; 0 makes it a logistic regression. */
  units: number;
  /** Networks from other first weights whose log odds are averaged. */
  members: number;
  epochs: number;
}

/** Means and deviations of the inputs in training. */
export interface InputMoments {
  means: Float64Array;
  deviations: Float64Array;
}

/** Standardised inputs of the seconds learned from. */
interface Examples extends InputMoments {
  inputs: Float32Array;
  features: number;
  outcomes: Uint8Array;
  weights: Float32Array;
}

/**
 * Onsets of real request bursts: a small dense ensemble on the last minute, the profile of other
 * days and the day's own cycles. Request bursts follow the clock, so most of it is the clock.
 */
export class RequestOnsetModel {
  readonly members: readonly Network[];
  readonly profile: ClockProfile;
  readonly moments: InputMoments;

  /** @param parts as `train` makes them, or as a model's file keeps them */
  constructor(parts: {
    members: readonly Network[];
    profile: ClockProfile;
    moments: InputMoments;
  }) {
    this.members = parts.members;
    this.profile = parts.profile;
    this.moments = parts.moments;
  }

  /**
   * Train on whole days. Each is described by the profile of the others, as a new day will be.
   * @param days at least two
   */
  static train(
    days: readonly RequestDay[],
    options: { kernel: Kernel; seed: string; recipe: RequestOnsetRecipe },
  ): RequestOnsetModel {
    const examples = gather(days);
    const members = Array.from({ length: options.recipe.members }, (_, member) =>
      fit(examples, { ...options, seed: `${options.seed} member ${member}` }),
    );
    const { means, deviations } = examples;
    const profile = ClockProfile.of(days);
    return new RequestOnsetModel({ members, profile, moments: { means, deviations } });
  }

  /** Log odds that a burst starts within the horizon, for seconds of a day not learned from. */
  scores(day: SeenRequestDay, seconds: readonly number[]): Float64Array {
    const features = this.moments.means.length;
    const inputs = new Float32Array(seconds.length * features);
    seconds.forEach((second, row) => {
      const numbers = requestFeatures(day, { second, profile: this.profile });
      inputs.set(standardised(numbers, this.moments), row * features);
    });
    const scores = new Float64Array(seconds.length);
    for (const member of this.members) {
      const output = member.predict(inputs, seconds.length);
      for (let row = 0; row < scores.length; row++) {
        scores[row] = (scores[row] as number) + (output[row] as number) / this.members.length;
      }
    }
    return scores;
  }
}

function gather(days: readonly RequestDay[]): Examples {
  const rows: number[][] = [];
  const outcomes: number[] = [];
  for (const day of days) {
    const profile = ClockProfile.of(days.filter((other) => other !== day));
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

function standardised(row: readonly number[], { means, deviations }: InputMoments): number[] {
  return row.map((value, j) => {
    const scaled = (value - (means[j] as number)) / (deviations[j] as number);
    return Math.max(-INPUT_MAX, Math.min(INPUT_MAX, scaled));
  });
}

/** One member: the log odds out of one row. */
export function requestOnsetSpec(features: number, units: number): NetworkSpec {
  return {
    steps: 1,
    features,
    layers: [
      { kind: 'lastStep' },
      ...(units > 0 ? [{ kind: 'dense', units, activation: 'tanh' } as const] : []),
      { kind: 'dense', units: 1, activation: 'linear' },
    ],
  };
}

function fit(
  examples: Examples,
  { kernel, seed, recipe }: { kernel: Kernel; seed: string; recipe: RequestOnsetRecipe },
): Network {
  const { inputs, features, outcomes, weights } = examples;
  const { units, epochs } = recipe;
  const network = new Network(requestOnsetSpec(features, units), { kernel, seed });
  const adam = new Adam({ learningRate: LEARNING_RATE, clipNorm: 1 });
  const random = new SeededRandom(seed).fork('order');
  const order = Array.from(outcomes, (_, index) => index);
  const steps = epochs * Math.ceil(order.length / BATCH);
  const schedule = cosineSchedule({ peak: LEARNING_RATE });
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
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
