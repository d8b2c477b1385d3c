import type { Bench, BenchKey } from './bench.ts';
import { joinFigures } from './report.ts';

const KEYS: readonly BenchKey[] = [
  { key: 'precision_periodic', meaning: 'claims that came true', atLeast: 0.95 },
  { key: 'recall_periodic', meaning: 'onsets that were announced', atLeast: 0.95 },
  { key: 'lead_s_periodic', meaning: 'median, seconds', atLeast: 5, atMost: 10 },
  { key: 'precision_precursor', meaning: '5 s ramp, base 1,000-5,000/s', atLeast: 0.95 },
  { key: 'recall_precursor', meaning: '5 s ramp, base 1,000-5,000/s', atLeast: 0.95 },
  { key: 'lead_s_precursor', meaning: 'median, seconds', atLeast: 3 },
  { key: 'precision_precursor_low', meaning: '5 s ramp, base 200-1,000/s' },
  { key: 'recall_precursor_low', meaning: '5 s ramp, base 200-1,000/s' },
  { key: 'lead_s_precursor_low', meaning: 'median, seconds' },
  { key: 'always_on_precision', meaning: 'an alarm that is always on, must lose', atMost: 0.5 },
  { key: 'persistence_precision', meaning: 'recency, level: the better', atMost: 0.5 },
  { key: 'ece', meaning: '"starts within 10 s", worst class', atMost: 0.05 },
  { key: 'brier_skill_periodic', meaning: 'against the base rate', atLeast: 0.85 },
  { key: 'brier_skill_precursor', meaning: 'against the base rate', atLeast: 0.25 },
  { key: 'real_onset_pr_auc_gain', meaning: 'real requests: ours / best', atLeast: 1.2 },
  { key: 'real_onset_pr_auc_gain_low', meaning: 'lower end, 90 % by days', atLeast: 1 },
  { key: 'latency_p99_ms', meaning: 'a forecast over gRPC', atMost: 10 },
  { key: 'lstm3x128_p50_ms', meaning: 'the LSTM, 60 steps, one core, no library', atMost: 3 },
  { key: 'cpu_share_50_links', meaning: 'of a core, 1 forecast/s each', atMost: 0.05 },
];

/** Burst forecasts: claims, calibration, real onsets, cost; every baseline beside them. */
export const burst: Bench = {
  name: 'burst',
  summary: 'burst forecasts: precision, recall and lead by claims, calibration, real onsets, cost',
  keys: KEYS,
  async run(context) {
    // Loaded when they run, so that help and wrong arguments need not wait for them.
    const { openServed } = await import('./open-served.ts');
    const { measureGenerated, PRODUCT } = await import('./burst/generated-figures.ts');
    const { measureRealOnsets } = await import('./burst/real-onsets.ts');
    const { measureForecastCost } = await import('./burst/forecast-cost.ts');
    const { measureServedLatency } = await import('./burst/served-latency.ts');
    const { newForecaster, rivals, environment } = await openServed();
    const described = { metrics: {}, baseline: {}, environment, notMeasured: {} };
    return joinFigures([
      described,
      // Cost first: the rest leaves memory behind that would be collected meanwhile.
      await measureForecastCost(context, newForecaster),
      await measureServedLatency(context),
      await measureGenerated(context, { [PRODUCT]: newForecaster, ...rivals }),
      await measureRealOnsets(context),
    ]);
  },
};
