import {
  type ManifestDraft,
  type RequestKind,
  type ReserveMoments,
  reserveFeatures,
} from '@levitate/models';
import type { Network } from '@levitate/neural';
import type { ReserveClass } from './reserve-judgement.ts';
import type { ReserveKind } from './reserve-training.ts';
import type { TrainingContext } from './training.ts';

/** What the sources of the traces say of their licence. */
const LICENCES: Record<RequestKind, string> = {
  'requests-1s-twitter': 'none stated at top level (reconfigurable-ml-pipeline/ipa)',
  'requests-1s-autothrottle': 'MIT (microsoft/autothrottle)',
  'requests-arrivals-azure-llm': 'CC BY 4.0 (Azure/AzurePublicDataset)',
  'requests-1min-worldcup98': 'MIT (nimamahmoudi/worldcup98-dataset)',
};

/** The manifest of a reserve model before its weights are known. */
export function reserveManifest(input: {
  command: string;
  context: Pick<TrainingContext, 'seed' | 'workers'>;
  kinds: readonly ReserveKind[];
  network: Pick<Network, 'spec'>;
  moments: ReserveMoments;
  judgement: readonly ReserveClass[];
}): ManifestDraft {
  const { command, context, kinds, network, moments, judgement } = input;
  return {
    name: 'reserve',
    version: '1',
    capability: 'reserve',
    family: 'dense',
    description: 'Capacity to reserve of a slow pool for requests, at a price of reserve.',
    origin: { kind: 'trained', command },
    spec: structuredClone(network.spec) as ManifestDraft['spec'],
    inputs: {
      steps: 1,
      stepMs: 1000,
      features: reserveFeatures.map(({ name, unit }) => ({ name, unit })),
      normalisation: {
        kind: 'standard',
        parameters: { means: [...moments.means], deviations: [...moments.deviations] },
      },
    },
    outputs: {
      steps: 1,
      stepMs: 1000,
      values: [{ name: 'capacity', unit: 'ln of multiples of the level + 0.3/s', width: 1 }],
    },
    data: kinds.flatMap(({ kind, parts, files }) =>
      files.map(({ path, sha256 }) => {
        const isIn = (name: string) => path.endsWith(`/${name.replace(/@\d+$/, '')}`);
        const uses = Object.entries(parts).flatMap(([part, series]) =>
          series.some(({ name }) => isIn(name)) ? [part] : [],
        );
        return { path, sha256, licence: LICENCES[kind], use: uses.join(', ') };
      }),
    ),
    split:
      'by file: the first half to learn from, the next sixth to choose by, the rest to score ' +
      'once; a single file by time in the same shares',
    training: {
      seed: String(context.seed),
      kernel: 'wasm',
      workers: context.workers,
      batch: 48,
      epochs: 1,
      bestEpoch: 1,
    },
    classes: Object.fromEntries(
      judgement.map(({ name, winner, validation, test }) => [
        name,
        { winner, chosenBy: 'rejected', validation, test },
      ]),
    ),
    calibration: {},
  };
}
