import {
  type BandwidthTrace,
  bandwidthSets,
  generatedPaths,
  type ManifestDraft,
  type PathSource,
  readBandwidthTraces,
  splitRule,
  splitTraces,
} from '@levitate/models';
import { TrainingDataError } from '../training.ts';

/** The name of the set that is generated and not recorded. */
export const GENERATED = 'generated';
/** The split, and so the test part, is that of the bandwidth training with the same seed. */
export const liquidSplit = `${splitRule}; generated paths by seed`;

/** Paths by part; the parts share no trace and no seed. */
export interface LiquidData {
  training: readonly PathSource[];
  validation: readonly PathSource[];
  test: readonly PathSource[];
  /** Every file, for the manifest. */
  files: ManifestDraft['data'];
}

const GENERATED_S = 600;
const GENERATED_PATHS = { training: 90, validation: 12, test: 24 };
/** Few and long traces: half the share of the others. */
const SHARES: Readonly<Record<string, number>> = { ucc: 0.5 };

/**
 * Read the bandwidth sets and generate traffic beside them.
 * @throws TrainingDataError where no set is there
 */
export function liquidData(options: {
  dataDirectory: string;
  seed: number;
  quick: boolean;
}): LiquidData {
  const { dataDirectory, seed, quick } = options;
  const few = quick ? { filesMax: 10 } : {};
  const traces = readBandwidthTraces({ dataDirectory, ...few });
  if (traces.length === 0) {
    const kinds = bandwidthSets.map(({ kind }) => kind).join(', ');
    throw new TrainingDataError(`${dataDirectory}/traces has none of ${kinds}`);
  }
  const parts = splitTraces(traces, seed);
  const sources = (part: keyof typeof GENERATED_PATHS): PathSource[] => {
    const own = traces.filter((_, index) => parts[index] === part);
    const recorded = bandwidthSets.map(({ name }) => sourceOf(name, own));
    const count = quick ? 3 : GENERATED_PATHS[part];
    const paths = { seed: `liquid/${part}/${seed}`, count, seconds: GENERATED_S };
    const generated = { name: GENERATED, series: generatedPaths(paths), share: 1 };
    return [...recorded, generated].filter(({ series }) => series.length > 0);
  };
  return {
    training: sources('training'),
    validation: sources('validation'),
    test: sources('test'),
    files: traces.map((trace, index) => fileOf(trace, parts[index] ?? '')),
  };
}

function sourceOf(name: string, traces: readonly BandwidthTrace[]): PathSource {
  const series = traces.filter(({ set }) => set === name).map((trace) => trace.series);
  return { name, series, share: SHARES[name] ?? 1 };
}

function fileOf({ set, file, sha256 }: BandwidthTrace, use: string): ManifestDraft['data'][number] {
  const found = bandwidthSets.find(({ name }) => name === set);
  return { path: `traces/${found?.kind}/${file}`, sha256, licence: found?.licence ?? '', use };
}
