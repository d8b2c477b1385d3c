import type { ModelFile } from '@levitate/models';
import type { PathSample } from '@levitate/series';
import type { InService } from '../models/in-service.ts';
import type { BandwidthEngine, WindowForecast } from './bandwidth-engine.ts';
import { serverOf } from './bandwidth-server.ts';
import { baselineOf, isBaseline } from './baselines.ts';
import { ModelWatch } from './model-watch.ts';
import { PathForecasts } from './path-forecasts.ts';
import { knownSteps } from './path-window.ts';

/** @see PathBook */
export interface PathBookOptions {
  readonly pathsMax: number;
  /** A path silent for longer is forgotten. */
  readonly forgetAfterMs: number;
  readonly models: () => readonly ModelFile[];
  readonly engine: () => BandwidthEngine;
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

  /** How a model does against the others that race on the paths. */
  inService(id: string): InService {
    const serving = this.#servingCounts();
    const online = this.watch
      .scores()
      .filter(({ name }) => isBaseline(name) || name === id)
      .map((score) => ({ ...score, serving: serving.get(score.name) ?? 0 }));
    return {
      online,
      demoted: this.watch.demoted().has(id) ? DEMOTED : '',
      drift: this.watch.driftOf(id),
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
  async tick(nowMs: number, call: { signal: AbortSignal; deadlineUnixMs: number }) {
    this.#forgetSilent(nowMs);
    const models = this.#options.models();
    const ids = new Set(models.map(({ id }) => id));
    for (const { name } of this.watch.scores()) {
      if (name.includes('@') && !ids.has(name)) this.watch.forget(name);
    }
    for (const path of this.#paths.values()) path.keepModels(ids);
    for (const file of models) await this.#pass(file, call);
    for (const [path, forecasts] of this.#paths) {
      const madeUnixMs = forecasts.window()?.endUnixMs ?? 0;
      this.#latest.set(path, { path, madeUnixMs, forecast: forecasts.forecast() });
    }
    return this.all();
  }

  async #pass(
    file: ModelFile,
    call: { signal: AbortSignal; deadlineUnixMs: number },
  ): Promise<void> {
    this.watch.expect(file.id, referenceOf(file));
    const asked = [...this.#paths.values()].flatMap((path) => {
      const window = path.window();
      return window !== undefined && knownSteps(window) >= KNOWN_STEPS_MIN
        ? [{ path, window, step: path.step }]
        : [];
    });
    for (let start = 0; start < asked.length; start += PASS_WINDOWS) {
      const part = asked.slice(start, start + PASS_WINDOWS);
      try {
        const windows = part.map(({ window }) => window);
        const forecasts = await this.#options.engine().byModel(file, windows, call);
        for (const [index, { path, step }] of part.entries()) {
          const forecast = forecasts[index];
          if (forecast !== undefined) path.answer(file.id, { step, forecast });
        }
      } catch (error) {
        if (!call.signal.aborted) this.#options.onFailure(file.id, error);
        return;
      }
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
      onError: (name, error, actual) => this.watch.learn(name, error, actual),
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

/** The worst validation WAPE of a model over its classes: what is normal for it somewhere. */
function referenceOf({ manifest }: Pick<ModelFile, 'manifest'>): number {
  const stated = Object.values(manifest.classes).flatMap(({ validation }) =>
    Object.entries(validation).flatMap(([name, { wape, accuracy }]) => {
      if (baselineOf(name) !== undefined) return [];
      return wape ?? (typeof accuracy === 'number' ? 1 - accuracy : []);
    }),
  );
  const known = stated.filter((wape) => wape > 0);
  return known.length === 0 ? REFERENCE : Math.max(...known);
}

const DEMOTED = 'its error of late is not below persistence; baselines serve meanwhile';
const REFERENCE = 0.3;
const KNOWN_STEPS_MIN = 30;
/** Windows of one pass; a thread answers others in between. */
const PASS_WINDOWS = 64;
