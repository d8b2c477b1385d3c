import { ForecasterRace, type LevelForecaster } from '@levitate/forecast';
import type { PathWindow } from '@levitate/models';
import { type PathSample, SampleThread } from '@levitate/series';
import type { WindowForecast } from './bandwidth-engine.ts';
import { isBaseline, newBaselines } from './baselines.ts';
import { HORIZON_STEPS, pathWindow, STEP_MS, WINDOW_STEPS } from './path-window.ts';
import { soundBands } from './sound-forecast.ts';

/** Told how far off the forecasters of a path were, bytes/s, and what came. */
export type OnErrors = (errors: readonly { name: string; error: number }[], actual: number) => void;

/**
 * One path in service: its newest samples, the baselines that learn from each, the race between
 * them and the models, and the newest forecast. Time comes with the samples; where it steps back or
 * a long gap breaks it, the path starts afresh.
 */
export class PathForecasts {
  readonly path: string;
  heardMs: number;
  readonly #preferred: () => string | undefined;
  readonly #onErrors: OnErrors;
  #thread = new SampleThread();
  #samples: PathSample[] = [];
  #baselines: LevelForecaster[] = [];
  #race!: ForecasterRace;
  #step = Number.NEGATIVE_INFINITY;
  #said = new Map<string, { step: number; answer: WindowForecast | readonly number[] }>();
  /** Why a model gave no forecast of its own. */
  readonly #withheld = new Map<string, { step: number; why: string }>();

  /** @param options.preferred who won on validation, asked when the path starts afresh */
  constructor(options: {
    path: string;
    nowMs: number;
    preferred: () => string | undefined;
    onErrors: OnErrors;
  }) {
    this.path = options.path;
    this.heardMs = options.nowMs;
    this.#preferred = options.preferred;
    this.#onErrors = options.onErrors;
    this.#startAfresh();
  }

  /** Who speaks for this path now. */
  get serving(): string {
    return this.#race.serving;
  }

  /** Running errors of all, bytes/s. */
  scores(): { name: string; loss: number | undefined; count: number }[] {
    return this.#race.scores();
  }

  /** The newest steps on the grid; undefined before any bandwidth came. */
  window(): PathWindow | undefined {
    return pathWindow(this.#samples);
  }

  /** Grid step of the newest sample: what a model is told, and says again with its answer. */
  get step(): number {
    return this.#step;
  }

  /** One more sample; late ones and duplicates are ignored. */
  learn(sample: PathSample, nowMs: number): void {
    const place = this.#thread.place(sample);
    if (place === 'stale') return;
    this.heardMs = nowMs;
    if (place === 'restart') this.#startAfresh();
    this.#samples.push(sample);
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
    const step = Math.floor(sample.timeUnixMs / STEP_MS);
    if (step <= this.#step) return;
    const missed = Number.isFinite(this.#step) ? step - this.#step - 1 : 0;
    // What a slow source covers with one interval was measured in each of its steps.
    const covered = Math.min(missed, Math.round((sample.intervalMs ?? STEP_MS) / STEP_MS) - 1);
    const value = soundRate(sample.bandwidthBytesPerSecond);
    for (let ago = missed; ago > 0; ago--) this.#pass(ago <= covered ? value : undefined);
    this.#step = step;
    this.#pass(value);
  }

  /** What a model says of this path after the grid step it was asked at. */
  answer(model: string, made: { step: number; forecast: WindowForecast }): void {
    if (made.step !== this.#step) return;
    if (made.forecast.model !== model) {
      const [why = 'model-late'] = made.forecast.abstained;
      this.#withheld.set(model, { step: made.step, why });
      return;
    }
    this.#said.set(model, { step: made.step, answer: made.forecast });
    this.#race.offer(
      model,
      made.forecast.steps.map(({ mean }) => mean),
    );
  }

  /** Models that are gone no longer run. */
  keepModels(ids: ReadonlySet<string>): void {
    for (const { name } of this.scores()) {
      if (isBaseline(name) || ids.has(name)) continue;
      this.#race.withdraw(name);
      this.#said.delete(name);
      this.#withheld.delete(name);
    }
  }

  /** The forecast of whoever serves; of persistence where that one has not answered in time. */
  forecast(): WindowForecast {
    const window = this.window();
    if (window === undefined) return NOTHING;
    const { serving } = this.#race;
    const said = this.#said.get(serving);
    const isFresh = said?.step === this.#step;
    if (isFresh && 'steps' in said.answer) return this.#calibrated(said.answer, window);
    const isSimple = isBaseline(serving);
    const name = isSimple ? serving : 'persistence';
    const points = this.#said.get(name)?.answer as readonly number[] | undefined;
    const steps = soundBands(this.#race.bands(name, points ?? []), window);
    const withheld = this.#withheld.get(serving);
    const late = withheld?.step === this.#step ? withheld.why : 'model-late';
    const why = isSimple ? 'baseline-leads' : late;
    const abstained = steps.length === 0 ? ['no-data'] : [why];
    return { steps, model: `${name}@1`, backend: 'statistics', abstained, cached: false };
  }

  /** A model's own quantiles until its errors on this path are enough to say better. */
  #calibrated(answer: WindowForecast, window: PathWindow): WindowForecast {
    const count = this.scores().find(({ name }) => name === answer.model)?.count ?? 0;
    if (count < RECALIBRATED_FROM) return answer;
    const means = answer.steps.map(({ mean }) => mean);
    const bands = soundBands(this.#race.bands(answer.model, means), window);
    const steps = answer.steps.map((step, index) => {
      const band = bands[index] ?? step;
      const q50 = Math.min(band.q90, Math.max(band.q10, step.q50));
      return { mean: step.mean, q10: band.q10, q50, q90: band.q90 };
    });
    return { ...answer, steps };
  }

  #pass(value: number | undefined): void {
    this.#onErrors(this.#race.learn(value), value ?? 0);
    for (const baseline of this.#baselines) {
      baseline.learn(value);
      const points = baseline.forecast(HORIZON_STEPS).map(({ q50 }) => q50);
      if (points.length === 0) continue;
      this.#race.offer(baseline.name, points);
      this.#said.set(baseline.name, { step: this.#step, answer: points });
    }
  }

  #startAfresh(): void {
    this.#samples = [];
    this.#baselines = newBaselines();
    this.#race = new ForecasterRace({ baseline: 'persistence', preferred: this.#preferred() });
    this.#step = Number.NEGATIVE_INFINITY;
    this.#said = new Map();
  }
}

function soundRate(rate: number | undefined): number | undefined {
  return rate !== undefined && rate >= 0 && rate <= 1e15 ? rate : undefined;
}

const NOTHING: WindowForecast = {
  steps: [],
  model: 'none@1',
  backend: '',
  abstained: ['no-data'],
  cached: false,
};
/** A window's worth of samples that come twice a step. */
const SAMPLES_MAX = 2 * WINDOW_STEPS;
/** So many errors tell a model's spread on a path better than its training did. */
const RECALIBRATED_FROM = 30;
