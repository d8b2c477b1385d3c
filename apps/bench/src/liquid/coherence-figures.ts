import {
  bandwidthBaselines,
  generatedPaths,
  LIQUID,
  type LiquidSetScore,
  LSTM,
  type Manifest,
  type PathSeries,
  readBandwidthTraces,
  riskCoverage,
  scoreLiquid,
} from '@levitate/models';
import type { BenchContext, BenchFigures } from '../bench.ts';
import { allNotMeasured } from '../report.ts';
import type { ShippedLiquid } from './shipped-liquid.ts';

const KEYS = ['risk_top_half_vs_all', 'vs_lstm_equal_size'];
const GENERATED = { count: 24, seconds: 600 };
/** One window in so many. */
const STRIDE = { full: 1, quick: 25 };
const SETS = ['4g', '5g', 'oboe'] as const;

/**
 * Does error rise as coherence falls, and how does the ensemble stand beside an LSTM of equal size:
 * on traces that neither was trained or chosen on, and on paths generated from the bench's seed.
 */
export async function coherenceFigures(
  context: BenchContext,
  shipped: ShippedLiquid | string,
): Promise<BenchFigures> {
  if (typeof shipped === 'string') return allNotMeasured(KEYS, shipped);
  const { dataDirectory, seed, quick, signal, progress } = context;
  const { count, seconds } = GENERATED;
  const generated = generatedPaths({ seed: `bench/liquid/${seed}`, count, seconds });
  const sets = [
    ...SETS.map((set) => ({ set, paths: heldOut(dataDirectory, set, shipped.manifest) })),
    { set: 'generated', paths: quick ? generated.slice(0, 6) : generated },
  ];
  const missing = sets.filter(({ paths }) => paths.length === 0).map(({ set }) => set);
  if (missing.length > 0) {
    const text = `no trace of ${missing.join(', ')} that the model was not trained on`;
    return allNotMeasured(KEYS, `${text}; --data names a folder with traces/bandwidth-*`);
  }
  const rivals = { [LSTM]: shipped.rival };
  const scores: LiquidSetScore[] = [];
  for (const { set, paths } of sets) {
    progress(`liquid: ${paths.length} paths of ${set}`);
    const stride = quick ? STRIDE.quick : STRIDE.full;
    const baselines = () => bandwidthBaselines().filter(({ name }) => BESIDE.includes(name));
    scores.push(scoreLiquid({ ...shipped, rivals, set, paths, baselines, stride }));
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return figuresOf(scores);
}

/** Fast baselines; the bandwidth bench has all of them. */
const BESIDE = ['last value', 'harmonic mean of 5', 'EWMA 0.4'];

/** Turn scores into the keys of the bench. Pure. */
export function figuresOf(scores: readonly LiquidSetScore[]): BenchFigures {
  const rows = scores.map(({ set, windows, accuracy, outcomes }) => {
    const [half] = riskCoverage(outcomes, [0.5]);
    const coherence = outcomes.reduce((sum, one) => sum + one.coherence, 0) / outcomes.length;
    return {
      set,
      windows,
      risk_top_half_wape: half?.wapeRatio ?? Number.NaN,
      risk_top_half_absolute: half?.absoluteRatio ?? Number.NaN,
      coherence_mean: coherence,
      ...accuracy,
    };
  });
  const wapeOf = (name: string) =>
    scores.reduce((sum, { accuracy }) => sum + 1 - (accuracy[name] ?? Number.NaN), 0);
  return {
    metrics: {
      risk_top_half_vs_all: Math.max(...rows.map((row) => row.risk_top_half_wape)),
      vs_lstm_equal_size: wapeOf(LIQUID) / wapeOf(LSTM),
    },
    baseline: { sets: rows },
    environment: { error: 'WAPE of the mean of the next 10 s; held out by file hash' },
    notMeasured: {},
  };
}

/** Traces of a set that the manifest does not name as trained or chosen on. */
function heldOut(
  dataDirectory: string,
  set: (typeof SETS)[number],
  { data }: Manifest,
): PathSeries[] {
  const seen = new Set(data.filter(({ use }) => use !== 'test').map(({ sha256 }) => sha256));
  return readBandwidthTraces({ dataDirectory, sets: [set] })
    .filter(({ sha256 }) => !seen.has(sha256))
    .map(({ series }) => series);
}
