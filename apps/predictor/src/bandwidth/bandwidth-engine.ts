import { ForecasterRace } from '@levitate/forecast';
import type { ModelFile, PathWindow } from '@levitate/models';
import { LRUCache } from 'lru-cache';
import type { InferenceMetrics } from '../models/inference-metrics.ts';
import type { ModelPool } from '../models/model-pool.ts';
import { type BandwidthServer, serverOf } from './bandwidth-server.ts';
import { type BaselineName, newBaseline } from './baselines.ts';
import { HORIZON_STEPS, knownSteps, windowKey } from './path-window.ts';
import { type BandwidthStep, soundBands, soundForecast } from './sound-forecast.ts';

/** A forecast of one window. */
export interface WindowForecast {
  readonly steps: readonly BandwidthStep[];
  readonly model: string;
  readonly backend: string;
  readonly abstained: readonly string[];
  readonly cached: boolean;
}

/** Who wants it, until when. */
export interface EngineCall {
  readonly signal: AbortSignal;
  /** `Infinity`: no deadline. */
  readonly deadlineUnixMs: number;
}

/** @see BandwidthEngine */
export interface BandwidthEngineOptions {
  readonly models: () => readonly ModelFile[];
  /** Ids of models whose online score has fallen behind. */
  readonly demoted: () => ReadonlySet<string>;
  readonly pool: ModelPool;
  readonly metrics: InferenceMetrics;
  readonly cacheMax: number;
}

/** Fewer measured steps than this show a model too little; a baseline speaks. */
const KNOWN_STEPS_MIN = 30;

/** Forecasts of windows: from the cache, by the winner's model in one pass, or by a baseline. */
export class BandwidthEngine {
  readonly #options: BandwidthEngineOptions;
  readonly #cache: LRUCache<string, WindowForecast>;

  constructor(options: BandwidthEngineOptions) {
    this.#options = options;
    this.#cache = new LRUCache({ max: options.cacheMax });
  }

  /**
   * @param windows undefined where nothing is known of one
   * @returns in the order of the windows, `HORIZON_STEPS` steps each
   * @throws {RpcError} RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED
   */
  async forecast(
    windows: readonly (PathWindow | undefined)[],
    options: EngineCall & { trafficClass: string },
  ): Promise<WindowForecast[]> {
    const { models, demoted } = this.#options;
    const server = serverOf(models(), options.trafficClass, demoted());
    const answers = windows.map((window) => this.#atOnce(window, server));
    const missing = answers.flatMap((answer, index) => (answer === undefined ? [index] : []));
    if (missing.length > 0 && server.kind === 'model') {
      const asked = missing.map((index) => windows[index] as PathWindow);
      const made = await this.byModel(server.file, asked, options);
      for (const [place, index] of missing.entries()) answers[index] = made[place];
    }
    return answers as WindowForecast[];
  }

  /** Forecasts by one model, whoever serves; a window it cannot read gets a baseline's. */
  async byModel(
    file: ModelFile,
    windows: readonly PathWindow[],
    call: EngineCall,
  ): Promise<WindowForecast[]> {
    const { pool, metrics } = this.#options;
    const { forecasts, backend } = await metrics.timed('bandwidth', () =>
      pool.ask(file.content, { kind: 'bandwidth', windows }, call),
    );
    return windows.map((window, index) => {
      const forecast = forecasts[index];
      const steps = forecast === undefined ? undefined : soundForecast(forecast, window);
      if (steps === undefined) return byBaseline(window, 'persistence', ['unsound']);
      const answer = { steps, model: file.id, backend, abstained: [], cached: false };
      this.#cache.set(cacheKey(file, window), { ...answer, cached: true });
      return answer;
    });
  }

  /** What needs no thread: a cached answer, a baseline's, an abstention. */
  #atOnce(window: PathWindow | undefined, server: BandwidthServer): WindowForecast | undefined {
    if (window === undefined) return nothing();
    if (server.kind === 'baseline') return byBaseline(window, server.name, [server.why]);
    if (knownSteps(window) < KNOWN_STEPS_MIN) {
      return byBaseline(window, 'persistence', ['short-window']);
    }
    const cached = this.#cache.get(cacheKey(server.file, window));
    this.#options.metrics.cache('bandwidth', cached !== undefined);
    return cached;
  }
}

/** A baseline's forecast of a window, its bands from its own errors within it. */
export function byBaseline(
  window: PathWindow,
  name: BaselineName,
  abstained: readonly string[],
): WindowForecast {
  const race = new ForecasterRace({ baseline: name, stepsMax: HORIZON_STEPS });
  const forecaster = newBaseline(name);
  let points: number[] = [];
  for (const value of window.bandwidth) {
    const known = Number.isNaN(value) ? undefined : value;
    race.learn(known);
    forecaster.learn(known);
    points = forecaster.forecast(HORIZON_STEPS).map(({ q50 }) => q50);
    if (points.length > 0) race.offer(name, points);
  }
  const steps = soundBands(race.bands(name, points), window);
  return { steps, model: `${name}@1`, backend: 'statistics', abstained, cached: false };
}

function nothing(): WindowForecast {
  return { steps: [], model: 'none@1', backend: '', abstained: ['no-data'], cached: false };
}

function cacheKey({ id, fingerprint }: ModelFile, window: PathWindow): string {
  return `${id} ${fingerprint.slice(0, 16)} ${windowKey(window)}`;
}
