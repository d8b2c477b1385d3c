import {
  coherenceOf,
  EnergyAllowance,
  type EnergyDecision,
  EnergyGovernor,
  energyMicrojoules,
  type ModelFile,
  type ObservationWindow,
} from '@levitate/models';
import { LRUCache } from 'lru-cache';
import { beyondBudget, unknownModel, wrongWidth } from '../errors.ts';
import type { InferenceMetrics } from '../models/inference-metrics.ts';
import type { ModelPool } from '../models/model-pool.ts';
import type { LiquidFacts } from '../models/model-work.ts';
import { WindowHash } from '../models/window-hash.ts';
import { RequestRate } from './request-rate.ts';

/** One answer of an ensemble. */
export interface LiquidAnswer {
  readonly values: readonly number[];
  /** 0 to 1. */
  readonly coherence: number;
  readonly isCoherent: boolean;
  readonly cached: boolean;
}

/** What a call is answered with. */
export interface LiquidAnswers {
  readonly answers: readonly LiquidAnswer[];
  readonly model: string;
  readonly backend: string;
  readonly members: number;
  /** What the governor lowered; empty for nothing. */
  readonly governor: string;
  readonly microjoules: number;
}

/** Observations of one window, as the protocol has them. */
export interface LiquidSteps {
  readonly steps: readonly {
    readonly elapsedSeconds: number;
    readonly values: readonly number[];
  }[];
}

/** What is asked, and by when it is of use. */
export interface LiquidCall {
  /** Empty: the first there is. */
  readonly model: string;
  readonly windows: readonly LiquidSteps[];
  readonly signal: AbortSignal;
  /** `Infinity`: no deadline. */
  readonly deadlineUnixMs: number;
}

/** What the cache says to a call; without `missing` that is all of the answer. */
export interface LiquidLook {
  readonly file: ModelFile;
  readonly facts: LiquidFacts;
  readonly answers: (LiquidAnswer | undefined)[];
  readonly missing: readonly { index: number; key: number; window: ObservationWindow }[];
}

/** @see LiquidEngine */
export interface LiquidEngineOptions {
  readonly models: () => readonly ModelFile[];
  /** What the trial of a model showed; a model that serves has had one. */
  readonly factsOf: (file: ModelFile) => LiquidFacts | undefined;
  readonly pool: Pick<ModelPool, 'ask'>;
  readonly metrics: InferenceMetrics;
  readonly cacheMax: number;
  readonly coherenceThreshold: number;
  readonly budgetMicrowatts: number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/**
 * Liquid inference: ensembles, how far their members agree, and what the energy budget allows. The
 * governor lowers the ensemble first; where one member is still too much, inferences beyond the
 * budget are refused. What the cache knows is answered at once and costs nothing.
 */
export class LiquidEngine {
  readonly #options: LiquidEngineOptions;
  readonly #caches = new WeakMap<LiquidFacts, LRUCache<number, LiquidAnswer>>();
  readonly #governor: EnergyGovernor;
  readonly #allowance: EnergyAllowance;
  readonly #rate: RequestRate;
  /** Where a window is laid out to be hashed: an array of its own would cost more than the hash. */
  #scratch = new Float64Array(SCRATCH_LENGTH);

  constructor(options: LiquidEngineOptions) {
    const { budgetMicrowatts, nowMs } = options;
    this.#options = options;
    this.#governor = new EnergyGovernor({ budgetMicrowatts });
    this.#allowance = new EnergyAllowance({ budgetMicrowatts, nowMs: nowMs() });
    this.#rate = new RequestRate(nowMs);
  }

  /**
   * Looks into the cache; takes microseconds, so it is no promise.
   * @throws {RpcError} NOT_FOUND, INVALID_ARGUMENT for a wrong width
   */
  look(call: Pick<LiquidCall, 'model' | 'windows'>): LiquidLook {
    const { metrics } = this.#options;
    const { file, facts } = this.#served(call.model);
    const answers: (LiquidAnswer | undefined)[] = [];
    const cache = this.#cacheOf(facts);
    const missing: LiquidLook['missing'][number][] = [];
    for (let index = 0; index < call.windows.length; index++) {
      const { steps } = call.windows[index] as LiquidSteps;
      const flat = this.#flat(steps, { file, index });
      const key = new WindowHash().add(flat).number();
      const answer = cache.get(key);
      metrics.cache('liquid', answer !== undefined);
      answers.push(answer);
      if (answer === undefined) missing.push({ index, key, window: windowOf(flat, steps.length) });
    }
    return { file, facts, answers, missing };
  }

  /** The answers of a look that found all of them. */
  known({ file, facts, answers }: LiquidLook): LiquidAnswers {
    const { backend, members } = facts;
    const known = { answers: answers as LiquidAnswer[], model: file.id, backend, members };
    return { ...known, governor: '', microjoules: 0 };
  }

  /**
   * Makes what a look did not find.
   * @throws {RpcError} RESOURCE_EXHAUSTED (queue or energy), DEADLINE_EXCEEDED
   */
  async infer(
    { file, facts, answers, missing }: LiquidLook,
    call: Pick<LiquidCall, 'signal' | 'deadlineUnixMs'>,
  ): Promise<LiquidAnswers> {
    const cache = this.#cacheOf(facts);
    const windows = missing.map(({ window }) => window);
    const { decision, microjoules } = this.#granted(facts, windows);
    const made = await this.#made({ file, facts, windows, decision }, call);
    for (const [place, { index, key }] of missing.entries()) {
      const answer = made[place] as LiquidAnswer;
      answers[index] = answer;
      cache.set(key, { ...answer, cached: true });
    }
    return {
      answers: answers as LiquidAnswer[],
      ...{ model: file.id, backend: facts.backend, microjoules },
      members: decision.members,
      governor: decision.why,
    };
  }

  /** Answers of one model; they go with it, and stay where its folder was only touched. */
  #cacheOf(facts: LiquidFacts): LRUCache<number, LiquidAnswer> {
    const known = this.#caches.get(facts);
    if (known !== undefined) return known;
    const cache = new LRUCache<number, LiquidAnswer>({ max: this.#options.cacheMax });
    this.#caches.set(facts, cache);
    return cache;
  }

  /** A window in the scratch: elapsed seconds of all steps, then their values. */
  #flat(steps: LiquidSteps['steps'], at: { file: ModelFile; index: number }): Float64Array {
    const width = at.file.manifest.inputs.features.length;
    const { length } = steps;
    const count = length * (1 + width);
    if (this.#scratch.length < count) this.#scratch = new Float64Array(count);
    const flat = this.#scratch;
    for (let step = 0; step < length; step++) {
      const { elapsedSeconds, values } = steps[step] as LiquidSteps['steps'][number];
      if (values.length !== width) {
        throw wrongWidth(`windows[${at.index}].steps[${step}].values`, values.length, width);
      }
      flat[step] = elapsedSeconds;
      const from = length + step * width;
      for (let field = 0; field < width; field++) flat[from + field] = values[field] as number;
    }
    return flat.subarray(0, count);
  }

  #served(model: string): { file: ModelFile; facts: LiquidFacts } {
    const models = this.#options.models();
    const file = models.find(({ manifest }) => model === '' || manifest.name === model);
    const facts = file && this.#options.factsOf(file);
    if (file !== undefined && facts !== undefined) return { file, facts };
    const known = models.map(({ manifest }) => manifest.name);
    throw unknownModel(model, known);
  }

  /** What the budget allows at the rate of late. @throws {RpcError} where it allows nothing now */
  #granted(
    { macsOfStep, members }: LiquidFacts,
    windows: readonly ObservationWindow[],
  ): { decision: EnergyDecision; microjoules: number } {
    const { budgetMicrowatts, nowMs } = this.#options;
    const ratePerSecond = this.#rate.add(windows.length);
    const steps = windows.reduce((sum, { elapsedSeconds }) => sum + elapsedSeconds.length, 0);
    const macsOfMember = (macsOfStep * steps) / windows.length;
    const decision = this.#governor.decide({ macsOfMember, members, ratePerSecond });
    const microjoules = energyMicrojoules(macsOfStep * steps * decision.members);
    const waitMs = this.#allowance.take(microjoules, nowMs());
    if (waitMs > 0) throw beyondBudget({ budgetMicrowatts, waitMs, why: decision.why });
    return { decision, microjoules };
  }

  async #made(
    asked: {
      file: ModelFile;
      facts: LiquidFacts;
      windows: readonly ObservationWindow[];
      decision: EnergyDecision;
    },
    call: Pick<LiquidCall, 'signal' | 'deadlineUnixMs'>,
  ): Promise<LiquidAnswer[]> {
    const { pool, metrics, coherenceThreshold } = this.#options;
    const { file, windows, facts, decision } = asked;
    const { targetVariance } = facts;
    const { members } = decision;
    const answer = await metrics.timed('liquid', () =>
      pool.ask(file.content, { kind: 'liquid', windows, members }, call),
    );
    return answer.outputs.map(({ outputs, scale }) => {
      const coherence = coherenceOf({ outputs, targetVariance, scale });
      metrics.coherence(coherence);
      return {
        values: meanOf(outputs),
        coherence,
        isCoherent: coherence >= coherenceThreshold,
        cached: false,
      };
    });
  }
}

function meanOf(outputs: readonly (readonly number[])[]): number[] {
  const width = outputs[0]?.length ?? 0;
  return Array.from({ length: width }, (_, index) => {
    const mean = outputs.reduce((sum, output) => sum + (output[index] ?? 0), 0) / outputs.length;
    if (!Number.isFinite(mean)) throw new TypeError('an ensemble answered what is no number');
    return mean;
  });
}

/** On one buffer, which goes to a thread in half the time that two take. */
function windowOf(flat: Float64Array, steps: number): ObservationWindow {
  const own = flat.slice();
  return { elapsedSeconds: own.subarray(0, steps), values: own.subarray(steps) };
}

/** Numbers of a window of 100 steps and 5 features. */
const SCRATCH_LENGTH = 600;
