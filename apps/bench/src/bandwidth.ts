import type { Bench, BenchKey } from './bench.ts';
import { allNotMeasured, joinFigures } from './report.ts';

const SKILL = 'against last value';
const VERSUS = "accuracy / the best baseline's";
const ACCURACY_KEYS: readonly BenchKey[] = [
  { key: 'accuracy_4g', meaning: '1 - WAPE, mean of the next 10 s', atLeast: 0.788 },
  { key: 'accuracy_5g', meaning: 'the same, 5G', atLeast: 0.69 },
  { key: 'accuracy_oboe', meaning: 'the same, Oboe', atLeast: 0.896 },
  { key: 'accuracy_mean', meaning: 'mean of the three', atLeast: 0.791 },
  { key: 'accuracy_ucc', meaning: 'the same, UCC 5G downloads' },
  { key: 'skill_4g', meaning: SKILL, atLeast: 0.05 },
  { key: 'skill_5g', meaning: SKILL, atLeast: 0.05 },
  { key: 'skill_oboe', meaning: SKILL },
  { key: 'skill_ucc', meaning: SKILL },
  ...['4g', '5g', 'oboe', 'ucc'].map((set) => ({
    key: `vs_best_baseline_${set}`,
    meaning: VERSUS,
    atLeast: 0.995,
  })),
  { key: 'coverage_80', meaning: 'of the 10 s mean, worst of three', atLeast: 0.75, atMost: 0.85 },
];
const LATENCY_KEYS: readonly BenchKey[] = [
  { key: 'latency_p99_ms', meaning: 'a forecast over gRPC', atMost: 5 },
];

/** Bandwidth forecasts on traces no part of which was trained on, every baseline beside them. */
export const bandwidth: Bench = {
  name: 'bandwidth',
  summary: 'bandwidth forecasts on test traces: accuracy, skill, coverage by set, latency',
  keys: [...ACCURACY_KEYS, ...LATENCY_KEYS],
  async run(context) {
    // Loaded when they run, so that help and wrong arguments need not wait for them.
    const { openShippedBandwidth } = await import('./bandwidth/shipped-bandwidth.ts');
    const { measureAccuracy } = await import('./bandwidth/measure-accuracy.ts');
    const { measureLatency } = await import('./bandwidth/measure-latency.ts');
    const shipped = await openShippedBandwidth();
    if (typeof shipped === 'string') {
      return allNotMeasured(
        [...ACCURACY_KEYS, ...LATENCY_KEYS].map(({ key }) => key),
        shipped,
      );
    }
    const latency = await measureLatency(context);
    return joinFigures([await measureAccuracy(context, shipped), latency]);
  },
};
