import {
  coherenceOf,
  type EnergyDecision,
  EnergyGovernor,
  energyMicrojoules,
  type ModelFile,
  type ObservationWindow,
} from '@levitate/models';
import { LRUCache } from 'lru-cache';
import { unknownModel, wrongWidth } from '../errors.ts';
import type { InferenceMetrics } from '../models/inference-metrics.ts';
import type { ModelPool } from '../models/model-pool.ts';
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

/** @see LiquidEngine */
export interface LiquidEngineOptions {
  readonly models: () => readonly ModelFile[];
  readonly pool: ModelPool;
  readonly metrics: InferenceMetrics;
  readonly cacheMax: number;
  readonly coherenceThreshold: number;
  readonly budgetMicrowatts: number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Liquid inference: ensembles, how far their members agree, and what the energy budget allows. */
export class LiquidEngine {
  readonly #options: LiquidEngineOptions;
  readonly #cache: LRUCache<string, LiquidAnswer>;
  readonly #governor: EnergyGovernor;
  readonly #rate: RequestRate;
  /** What is known of a model once it has answered: its cost and size. */
  readonly #known = new Map<string, { macsOfStep: number; members: number; backend: string }>();

  constructor(options: LiquidEngineOptions) {
    const { cacheMax, budgetMicrowatts, nowMs } = options;
    this.#options = options;
    this.#cache = new LRUCache({ max: cacheMax });
    this.#governor = new EnergyGovernor({ budgetMicrowatts });
    this.#rate = new RequestRate(nowMs);
  }

  /**
   * @param asked.model empty: the first there is
   * @throws {RpcError} NOT_FOUND, INVALID_ARGUMENT for a wrong width, RESOURCE_EXHAUSTED,
   *   DEADLINE_EXCEEDED
   */
  async infer(asked: {
    model: string;
    windows: readonly ObservationWindow[];
    signal: AbortSignal;
    deadlineUnixMs: number;
  }): Promise<LiquidAnswers> {
    const { models, metrics } = this.#options;
    const startMs = performance.now();
    const file = models().find(
      ({ manifest }) => asked.model === '' || manifest.name === asked.model,
    );
    if (file === undefined) {
      throw unknownModel(
        asked.model,
        models().map(({ manifest }) => manifest.name),
      );
    }
    const width = file.manifest.inputs.features.length;
    const keys = asked.windows.map((window, index) => {
      const { length } = window.elapsedSeconds;
      if (window.values.length !== width * length) {
        throw wrongWidth(`windows[${index}].steps`, window.values.length / length, width);
      }
      return keyOf(file, window);
    });
    const answers = keys.map((key) => this.#cache.get(key));
    for (const answer of answers) metrics.cache('liquid', answer !== undefined);
    const missing = answers.flatMap((answer, index) => (answer === undefined ? [index] : []));
    const decision = this.#decide(
      file,
      missing.map((index) => asked.windows[index]),
    );
    const made =
      missing.length === 0 ? [] : await this.#made(file, { ...asked, missing, decision });
    for (const [place, index] of missing.entries()) {
      const answer = made[place] as LiquidAnswer;
      answers[index] = answer;
      this.#cache.set(keys[index] as string, { ...answer, cached: true });
    }
    const known = this.#known.get(file.fingerprint);
    if (missing.length === 0) metrics.cacheHit('liquid', (performance.now() - startMs) / 1000);
    const members = decision?.members ?? known?.members ?? 0;
    const steps = missing.reduce(
      (sum, index) => sum + (asked.windows[index]?.elapsedSeconds.length ?? 0),
      0,
    );
    return {
      answers: answers as LiquidAnswer[],
      model: file.id,
      backend: known?.backend ?? '',
      members,
      governor: decision?.why ?? '',
      microjoules: energyMicrojoules((known?.macsOfStep ?? 0) * steps * members),
    };
  }

  /** What the budget allows at the rate of late; nothing is known before the first answer. */
  #decide(
    file: ModelFile,
    windows: readonly (ObservationWindow | undefined)[],
  ): EnergyDecision | undefined {
    const ratePerSecond = this.#rate.add(windows.length);
    const known = this.#known.get(file.fingerprint);
    if (known === undefined || windows.length === 0) return undefined;
    const steps = windows.reduce((sum, one) => sum + (one?.elapsedSeconds.length ?? 0), 0);
    const macsOfMember = (known.macsOfStep * steps) / windows.length;
    return this.#governor.decide({ macsOfMember, members: known.members, ratePerSecond });
  }

  async #made(
    file: ModelFile,
    call: {
      windows: readonly ObservationWindow[];
      missing: readonly number[];
      decision: EnergyDecision | undefined;
      signal: AbortSignal;
      deadlineUnixMs: number;
    },
  ): Promise<LiquidAnswer[]> {
    const { pool, metrics, coherenceThreshold } = this.#options;
    const windows = call.missing.map((index) => call.windows[index] as ObservationWindow);
    const members = call.decision?.members ?? 0;
    const answer = await metrics.timed('liquid', () =>
      pool.ask(file.content, { kind: 'liquid', windows, members }, call),
    );
    const { macsOfStep, targetVariance, backend } = answer;
    const whole = members === 0 ? answer.members : undefined;
    const known = this.#known.get(file.fingerprint);
    this.#known.set(file.fingerprint, {
      macsOfStep,
      backend,
      members: known?.members ?? whole ?? answer.members,
    });
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

function keyOf({ id, fingerprint }: ModelFile, window: ObservationWindow): string {
  const parts = [window.elapsedSeconds, window.values].map((values) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('latin1'),
  );
  return `${id} ${fingerprint.slice(0, 16)} ${parts.join(' ')}`;
}
