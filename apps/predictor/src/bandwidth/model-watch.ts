import { DriftAlarm } from '@levitate/forecast';
import type { Drift } from '../models/in-service.ts';

/** Errors of all forecasters over all paths, and the alarms of models that drift. */
export class ModelWatch {
  readonly #errors = new Map<string, { error: number; actual: number; count: number }>();
  readonly #alarms = new Map<string, DriftAlarm>();

  /** A model with the error (WAPE) that its validation showed. */
  expect(id: string, reference: number): void {
    if (!this.#alarms.has(id)) this.#alarms.set(id, new DriftAlarm({ reference }));
  }

  learn(forecaster: string, error: number, actual: number): void {
    const sums = this.#errors.get(forecaster) ?? { error: 0, actual: 0, count: 0 };
    sums.error = sums.error * REMEMBERED + error;
    sums.actual = sums.actual * REMEMBERED + Math.abs(actual);
    sums.count += 1;
    this.#errors.set(forecaster, sums);
    this.#alarms.get(forecaster)?.learn(error / Math.max(1, Math.abs(actual)));
  }

  forget(forecaster: string): void {
    this.#errors.delete(forecaster);
    this.#alarms.delete(forecaster);
  }

  /** WAPE of late of each forecaster. */
  scores(): { name: string; loss: number; count: number }[] {
    return Array.from(this.#errors, ([name, { error, actual, count }]) => ({
      name,
      loss: actual === 0 ? 0 : error / actual,
      count,
    }));
  }

  alarmOf(id: string): DriftAlarm | undefined {
    return this.#alarms.get(id);
  }

  /** Whether the errors of a model still look as they did on validation. */
  driftOf(id: string): Drift | undefined {
    const alarm = this.#alarms.get(id);
    if (alarm === undefined) return undefined;
    const { value, threshold, isRaised, count } = alarm;
    return { statistic: DRIFT, value, threshold, alarm: isRaised, count };
  }

  /** Models whose error of late is not below persistence's, over enough comparisons to know. */
  demoted(): ReadonlySet<string> {
    const scores = this.scores();
    const bar = scores.find(({ name }) => name === 'persistence')?.loss;
    if (bar === undefined) return new Set();
    const behind = scores.filter(
      ({ name, loss, count }) => this.#alarms.has(name) && count >= COUNT_MIN && loss >= bar,
    );
    return new Set(behind.map(({ name }) => name));
  }
}

/** An error counts half after 1,000. */
const REMEMBERED = 0.5 ** (1 / 1_000);
const COUNT_MIN = 120;
const DRIFT = 'cumulative sum of relative error beyond validation';
