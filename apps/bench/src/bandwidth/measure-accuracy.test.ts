import type { BandwidthTrace, SetEvaluation } from '@levitate/models';
import { describe, expect, it } from 'vitest';
import { accuracyFigures, partsOf } from './measure-accuracy.ts';
import { latencyFigures } from './measure-latency.ts';

function evaluation(set: '4g' | '5g' | 'oboe' | 'ucc', over: Partial<SetEvaluation> = {}) {
  const score = (accuracy: number) => ({
    windows: 10,
    accuracy,
    within10: 0.5,
    within20: 0.7,
    medianError: 0.1,
  });
  const scores = { LSTM: score(0.8), 'last value': score(0.75), 'EWMA 0.4': score(0.78) };
  const made: SetEvaluation = {
    set,
    traces: 2,
    windows: 10,
    scores,
    coverage80: 0.8,
    below: [0.1, 0.5, 0.9],
    stepAccuracy: { learned: [], lastValue: [] },
    stepCoverage80: [],
    ...over,
  };
  return made;
}

const served = (winner: string) => ({ winner, chosenBy: 'accuracy', validation: {} });
const classes = { '4g': served('LSTM'), '5g': served('EWMA 0.4'), oboe: served('LSTM') };

describe('accuracyFigures', () => {
  it('are those of the forecaster that serves each set', () => {
    const all = (['4g', '5g', 'oboe'] as const).map((set) => evaluation(set));
    const { metrics, environment, notMeasured } = accuracyFigures(all, { classes });
    expect(metrics.accuracy_4g).toBe(0.8);
    expect(metrics.skill_4g).toBeCloseTo(0.2);
    expect(metrics.vs_best_baseline_4g).toBeCloseTo(0.8 / 0.78);
    expect(metrics.accuracy_5g).toBe(0.78);
    expect(metrics.vs_best_baseline_5g).toBe(1);
    expect(metrics.accuracy_mean).toBeCloseTo((0.8 + 0.78 + 0.8) / 3);
    expect(environment.servedBy).toEqual({ '4g': 'LSTM', '5g': 'EWMA 0.4', oboe: 'LSTM' });
    expect(notMeasured.accuracy_ucc).toMatch(/no test trace/);
  });

  it('state the coverage furthest from 80 %, on either side', () => {
    const all = [
      evaluation('4g', { coverage80: 0.78 }),
      evaluation('5g', { coverage80: 0.86 }),
      evaluation('oboe'),
    ];
    expect(accuracyFigures(all, { classes }).metrics.coverage_80).toBe(0.86);
  });

  it('say why a mean is not there when a set is missing', () => {
    const { metrics, notMeasured } = accuracyFigures([evaluation('4g')], { classes });
    expect(metrics.accuracy_mean).toBeUndefined();
    expect(notMeasured.coverage_80).toMatch(/4g, 5g, oboe/);
  });
});

it('traces that were trained or chosen on are never scored, unknown ones are', () => {
  const trace = (sha256: string): BandwidthTrace => {
    const column = new Float64Array(1);
    const series = {
      bandwidthBytesPerSecond: column,
      roundTripSeconds: column,
      lossRatio: column,
    };
    return { set: '4g', file: sha256, sha256, series };
  };
  const data = ['training', 'validation', 'test'].map((use) => ({
    path: use,
    sha256: use,
    licence: 'none',
    use,
  }));
  const { training, test } = partsOf(['training', 'validation', 'test', 'new'].map(trace), {
    data,
  });
  expect(training.map(({ file }) => file)).toEqual(['training']);
  expect(test.map(({ file }) => file)).toEqual(['test', 'new']);
});

it('a latency of baselines is not stated as that of the model', () => {
  const controls = { floor: [[1], [2]], cachedMs: [1.5] };
  const read = { latenciesMs: [1, 2, 3], errors: 0, firstError: '', ...controls };
  const of = (models: Record<string, number>) => latencyFigures({ ...read, models });
  expect(of({ 'bandwidth@1': 3 }).metrics).toEqual({ latency_p99_ms: 3 });
  expect(of({}).baseline.latency_floor).toMatchObject({ count: 2, p99_ms: 2 });
  expect(of({ 'persistence@1': 3 }).notMeasured.latency_p99_ms).toMatch(/baselines/);
  const none = { ...read, latenciesMs: [], firstError: 'away', models: {} };
  expect(latencyFigures(none).notMeasured.latency_p99_ms).toContain('away');
});
