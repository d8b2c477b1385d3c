import { HORIZON, SEQUENCE } from '../bandwidth/bandwidth-windows.ts';
import type { ManifestDraft } from '../write-model-file.ts';
import type { LiquidSpec } from './liquid-spec.ts';
import type { PathSenses } from './path-features.ts';
import { pathFeatureNames } from './path-observation.ts';
import { type LiquidMemberSize, memberConfig } from './train-liquid-member.ts';

/** What a training knows of the ensemble it made. */
export interface LiquidDraftOptions {
  size: LiquidMemberSize;
  members: number;
  senses: PathSenses;
  targetVariance: readonly number[];
  training: NonNullable<ManifestDraft['training']>;
  command: string;
  data: ManifestDraft['data'];
  split: string;
  classes: ManifestDraft['classes'];
  description: string;
}

/** The manifest of a liquid ensemble, before its weights are known. */
export function liquidDraft(options: LiquidDraftOptions): ManifestDraft {
  const { size, members, senses, targetVariance, training, command } = options;
  const spec: LiquidSpec = {
    kind: 'liquid',
    members,
    features: pathFeatureNames.length,
    config: { ...memberConfig },
    ...size,
    senses,
  };
  return {
    name: 'liquid',
    version: '1',
    capability: 'liquid',
    family: 'cfc',
    description: options.description,
    origin: { kind: 'trained', command },
    spec,
    inputs: {
      steps: SEQUENCE,
      stepMs: 1000,
      features: pathFeatureNames.map((feature) => ({ ...feature })),
      normalisation: { kind: 'relative to the trailing level of the path', parameters: {} },
    },
    outputs: {
      steps: HORIZON,
      stepMs: 1000,
      values: [{ name: 'bandwidth', unit: 'bytes/s', width: 1 }],
    },
    data: options.data,
    split: options.split,
    training,
    classes: options.classes,
    calibration: { other: { target_variance: [...targetVariance] } },
  };
}
