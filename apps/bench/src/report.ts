import { strict as assert } from 'node:assert';
import type { Bench, BenchFigures } from './bench.ts';

/** What a bench prints with `--json`: the last line of stdout, exactly these fields. */
export interface BenchReport extends BenchFigures {
  name: string;
}

/**
 * Make a report of what a bench found. A key that it gave neither a figure nor a reason for gets a
 * reason, and so does a figure that is not a finite number: no reader meets a hole or a NaN.
 */
export function reportOf(
  bench: Pick<Bench, 'name' | 'keys'>,
  figures: BenchFigures,
  environment: Record<string, unknown>,
): BenchReport {
  const notMeasured = { ...figures.notMeasured };
  const metrics: Record<string, number> = {};
  for (const [key, value] of Object.entries(figures.metrics)) {
    assert(!(key in figures.notMeasured), `${key} is both measured and not measured`);
    if (Number.isFinite(value)) metrics[key] = value;
    else notMeasured[key] = `came out as ${value}`;
  }
  for (const { key } of bench.keys) {
    if (!(key in metrics)) notMeasured[key] ??= 'this run gave no figure for it';
  }
  return {
    name: bench.name,
    metrics,
    baseline: figures.baseline,
    environment: { ...environment, ...figures.environment },
    notMeasured,
  };
}

/** One report out of the figures of several parts. @throws AssertionError when two share a key */
export function joinFigures(parts: readonly BenchFigures[]): BenchFigures {
  const joined: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  for (const part of parts) {
    for (const section of ['metrics', 'baseline', 'environment', 'notMeasured'] as const) {
      for (const [key, value] of Object.entries(part[section])) {
        const into: Record<string, unknown> = joined[section];
        assert(!(key in into), `two parts of the bench give ${section}.${key}`);
        into[key] = value;
      }
    }
  }
  return joined;
}

/** The same reason for many keys. */
export function allNotMeasured(keys: readonly string[], reason: string): BenchFigures {
  const notMeasured = Object.fromEntries(keys.map((key) => [key, reason]));
  return { metrics: {}, baseline: {}, environment: {}, notMeasured };
}
