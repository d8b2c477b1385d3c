import type { ModelFile } from '@levitate/models';
import type { PathSample } from '@levitate/series';
import type { InService } from '../models/in-service.ts';
import { referenceOf } from '../models/validation-reference.ts';
import type { BandwidthEngine, EngineCall, WindowForecast } from './bandwidth-engine.ts';
import { serverOf } from './bandwidth-server.ts';
import { isBaseline } from './baselines.ts';
import { ModelWatch } from './model-watch.ts';
import { PathForecasts } from './path-forecasts.ts';
import type { PathRacer } from './path-racer.ts';
import { knownSteps } from './path-window.ts';

/** @see PathBook */
export interface PathBookOptions {
  readonly pathsMax: number;
  /** A path silent for longer is forgotten. */
  readonly forgetAfterMs: number;
  readonly models: () => readonly ModelFile[];
  readonly engine: () => BandwidthEngine;
  /** The liquid ensemble, where it takes part. */
  readonly liquid?: (() => PathRacer | undefined) | undefined;
  /** Told when a pass of a model failed; baselines speak meanwhile. */
  readonly onFailure: (model: string, error: unknown) => void;
}

/** A path and what is forecast of it. */
export interface PathForecast {
  readonly path: string;
  readonly madeUnixMs: number;
  readonly forecast: WindowForecast;
}

/** The paths that telemetry knows: samples in, one forecast per path and tick out. */
export class PathBook {
  readonly watch = new ModelWatch();
  /** The liquid ensemble answers on some paths only: it is compared there, step by step. */
  readonly #liquidWatch = new ModelWatch();
  readonly #options: PathBookOptions;
  readonly #paths = new Map<string, PathForecasts>();
  readonly #latest = new Map<string, PathForecast>();

  constructor(options: PathBookOptions) {
    this.#options = options;
  }

  /** Paths followed. */
  get size(): number {
    return this.#paths.size;
  }

  /** Errors of late of every model and baseline. */
  scores(): { name: string; loss: number; count: number }[] {
    const liquid = this.#liquidWatch.scores().filter(({ name }) => !isBaseline(name));
    return [...this.watch.scores(), ...liquid];
  }

  /** How a model does against the others that race on the paths. */
  inService(id: string): InService {
    const watches = [this.watch, this.#liquidWatch];
    const watch = watches.find((each) => each.alarmOf(id) !== undefined);
    if (watch === undefined) return { online: [], demoted: '' };
    const serving = this.#servingCounts();
    const online = watch
      .scores()
      .filter(({ name }) => isBaseline(name) || name === id)
      .map((score) => ({ ...score, serving: serving.get(score.name) ?? 0 }));
    return {
      online,
      demoted: watch.demoted().has(id) ? DEMOTED : '',
      drift: watch.driftOf(id),
    };
  }

  #servingCounts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { serving } of this.#paths.values()) {
      counts.set(serving, (counts.get(serving) ?? 0) + 1);
    }
    return counts;
  }

  /** The newest forecast of a path. */
  latest(path: string): PathForecast | undefined {
    return this.#latest.get(path);
  }

  /** The newest forecast of every path. */
  all(): PathForecast[] {
    return [...this.#latest.values()];
  }

  /** Learns samples of any paths. @returns how many came, and how many of paths beyond the bound */
  learn(samples: readonly PathSample[], nowMs: number): { learnt: number; refused: number } {
    let refused = 0;
    for (const sample of samples) {
      const path = this.#place(sample.path, nowMs);
      if (path === undefined) refused += 1;
      else path.learn(sample, nowMs);
    }
    return { learnt: samples.length - refused, refused };
  }

  /** Asks every model about every path with news, in one pass each, then says who serves what. */
  async tick(nowMs: number, call: EngineCall) {
    this.#forgetSilent(nowMs);
    const racers = this.#racers();
    const ids = new Set(racers.map(({ id }) => id));
    for (const watch of [this.watch, this.#liquidWatch]) {
      for (const { name } of watch.scores()) {
        if (name.includes('@') && !ids.has(name)) watch.forget(name);
      }
    }
    for (const path of this.#paths.values()) path.keepModels(ids);
    for (const racer of racers) await this.#pass(racer, call);
    for (const [path, forecasts] of this.#paths) {
      const madeUnixMs = forecasts.window()?.endUnixMs ?? 0;
      this.#latest.set(path, { path, madeUnixMs, forecast: forecasts.forecast() });
    }
    return this.all();
  }

  /** Who is asked in this round, each held to what its validation showed. */
  #racers(): PathRacer[] {
    const { models, engine, liquid } = this.#options;
    const racers = models().map((file): PathRacer => {
      const forecast: PathRacer['forecast'] = (windows, call) =>
        engine().byModel(file, windows, call);
      return {
        ...{ id: file.id, reference: referenceOf(file), forecast },
        pathsMax: Number.POSITIVE_INFINITY,
      };
    });
    for (const { id, reference } of racers) this.watch.expect(id, reference);
    const ensemble = liquid?.();
    if (ensemble === undefined || ensemble.pathsMax < 1) return racers;
    this.#liquidWatch.expect(ensemble.id, ensemble.reference);
    return [...racers, ensemble];
  }

  async #pass(racer: PathRacer, call: EngineCall): Promise<void> {
    const { id, pathsMax } = racer;
    const known = [...this.#paths.values()].flatMap((path) => {
      const window = path.window();
      return window !== undefined && knownSteps(window) >= KNOWN_STEPS_MIN
        ? [{ path, window, step: path.step }]
        : [];
    });
    const asked = known.slice(0, pathsMax);
    for (let start = 0; start < asked.length; start += PASS_WINDOWS) {
      const part = asked.slice(start, start + PASS_WINDOWS);
      try {
        const windows = part.map(({ window }) => window);
        const forecasts = await racer.forecast(windows, call);
        for (const [index, { path, step }] of part.entries()) {
          const forecast = forecasts[index];
          if (forecast !== undefined) path.answer(id, { step, forecast });
        }
      } catch (error) {
        if (!call.signal.aborted) this.#options.onFailure(id, error);
        return;
      }
    }
  }

  #learnErrors(errors: readonly { name: string; error: number }[], actual: number): void {
    const isLiquid = (name: string) => this.#liquidWatch.alarmOf(name) !== undefined;
    for (const { name, error } of errors) {
      if (!isLiquid(name)) this.watch.learn(name, error, actual);
    }
    if (!errors.some(({ name }) => isLiquid(name))) return;
    for (const { name, error } of errors) {
      if (isLiquid(name) || isBaseline(name)) this.#liquidWatch.learn(name, error, actual);
    }
  }

  #place(path: string, nowMs: number): PathForecasts | undefined {
    const known = this.#paths.get(path);
    if (known !== undefined) return known;
    if (this.#paths.size >= this.#options.pathsMax) this.#forgetSilent(nowMs);
    if (this.#paths.size >= this.#options.pathsMax) return undefined;
    const forecasts = new PathForecasts({
      path,
      nowMs,
      preferred: () => serverOf(this.#options.models(), '', this.watch.demoted()).name,
      onErrors: (errors, actual) => this.#learnErrors(errors, actual),
    });
    this.#paths.set(path, forecasts);
    return forecasts;
  }

  #forgetSilent(nowMs: number): void {
    for (const [path, { heardMs }] of this.#paths) {
      if (nowMs - heardMs <= this.#options.forgetAfterMs) continue;
      this.#paths.delete(path);
      this.#latest.delete(path);
    }
  }
}

const DEMOTED = 'its error of late is not below persistence; baselines serve meanwhile';
const KNOWN_STEPS_MIN = 30;
/** Windows of one pass; a thread answers others in between. */
const PASS_WINDOWS = 64;
