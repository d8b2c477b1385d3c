import type { Manifest } from '../manifest.ts';
import type { ManifestDraft } from '../write-model-file.ts';
import { LEARNED_BANDWIDTH, type SetEvaluation, skillOf } from './bandwidth-evaluation.ts';
import { bandwidthFeatureNames, type LearnedInputs } from './bandwidth-features.ts';
import { bandwidthSpec } from './bandwidth-network.ts';
import { type ConformalOffsets, QUANTILES } from './bandwidth-outputs.ts';
import { type BandwidthSetName, bandwidthSets } from './bandwidth-sets.ts';
import type { BandwidthTrace } from './bandwidth-trace.ts';
import { HORIZON, SEQUENCE } from './bandwidth-windows.ts';
import { type SplitPart, splitRule } from './split-traces.ts';

/** What a training has to say of its model. */
export interface BandwidthModelCard {
  command: string;
  traces: readonly BandwidthTrace[];
  parts: readonly SplitPart[];
  learned: LearnedInputs;
  offsets: ConformalOffsets;
  members: number;
  training: NonNullable<Manifest['training']>;
  validation: readonly SetEvaluation[];
  test: readonly SetEvaluation[];
}

/** The manifest of a bandwidth model but for its weights. Pure: the same card, the same bytes. */
export function bandwidthManifest(card: BandwidthModelCard): ManifestDraft {
  const { learned, offsets } = card;
  const pairs = [offsets.horizon, ...offsets.steps].map(({ low, high }) => [low, high]);
  return {
    name: 'bandwidth',
    version: '1',
    capability: 'bandwidth',
    family: 'lstm',
    description:
      'Bandwidth of a path over the next ten seconds, from the last hundred: quantiles of the ' +
      'mean and of each second.',
    origin: { kind: 'trained', command: card.command },
    spec: bandwidthSpec({ answers: 'last step' }) as ManifestDraft['spec'],
    inputs: {
      steps: SEQUENCE,
      stepMs: 1000,
      features: bandwidthFeatureNames.map((name) => ({ name, unit: unitOf(name) })),
      normalisation: {
        kind: 'relative to the EWMA 0.4 of the window so far, in units of its EWMA 0.02',
        parameters: {
          learned_round_trip: learned.roundTrip ? 1 : 0,
          learned_loss: learned.loss ? 1 : 0,
          learned_time: learned.time ? 1 : 0,
        },
      },
    },
    outputs: {
      steps: HORIZON,
      stepMs: 1000,
      values: [
        { name: 'quantiles 0.1, 0.5, 0.9 of the mean over all steps', unit: 'scale', width: 3 },
        { name: 'of each step: quantiles 0.1, 0.5, 0.9 and the mean', unit: 'scale', width: 4 },
      ],
    },
    data: card.traces.map((trace, index) => ({
      path: `traces/${setOf(trace.set).kind}/${trace.file}`,
      sha256: trace.sha256,
      licence: setOf(trace.set).licence,
      use: card.parts[index] ?? 'training',
    })),
    split: splitRule,
    training: card.training,
    classes: Object.fromEntries(card.validation.map((each) => [each.set, classOf(card, each)])),
    calibration: {
      conformal: { levels: [QUANTILES[0], QUANTILES[2]], offsets: pairs },
      other: { members: card.members },
    },
  };
}

/**
 * Who serves a set: the learned forecaster, unless a baseline has the smaller error on validation.
 */
export function bandwidthWinner({ scores }: SetEvaluation): string {
  const ranked = Object.entries(scores).toSorted(([, a], [, b]) => b.accuracy - a.accuracy);
  return ranked[0]?.[0] ?? LEARNED_BANDWIDTH;
}

function classOf(card: BandwidthModelCard, validation: SetEvaluation) {
  const test = card.test.find(({ set }) => set === validation.set);
  return {
    winner: bandwidthWinner(validation),
    chosenBy: 'accuracy (1 - WAPE of the mean of the next 10 s) on the validation part',
    validation: metricsOf(validation),
    ...(test && { test: metricsOf(test) }),
  };
}

function metricsOf(evaluation: SetEvaluation): Record<string, Record<string, number | null>> {
  return Object.fromEntries(
    Object.entries(evaluation.scores).map(([name, score]) => [
      name,
      {
        windows: score.windows,
        accuracy: score.accuracy,
        skill: skillOf(evaluation, name),
        within_10: score.within10,
        within_20: score.within20,
        // Over nothing that came, an error has no size.
        median_error: Number.isFinite(score.medianError) ? score.medianError : null,
        ...(name === LEARNED_BANDWIDTH && { coverage_80: evaluation.coverage80 }),
      },
    ]),
  );
}

function setOf(name: BandwidthSetName) {
  return bandwidthSets.find((set) => set.name === name) as (typeof bandwidthSets)[number];
}

function unitOf(name: string): string {
  if (name === 'level') return 'decades of bytes/s';
  if (name === 'held') return 'log seconds';
  if (name === 'age') return 'windows';
  if (name === 'round trip') return 'decades of seconds';
  if (/known|measured|moves|sine/.test(name)) return 'none';
  return name === 'loss' ? 'root of a share' : 'scale';
}
