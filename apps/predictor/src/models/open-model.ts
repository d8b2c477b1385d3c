import {
  type BandwidthModel,
  type LiquidModel,
  ModelError,
  type ModelFile,
  type ObservationWindow,
  openBandwidthModel,
  openImportedBandwidth,
  openLiquidModel,
  type PathWindow,
} from '@levitate/models';
import { type NeuralEngine, openLiquidEnd, plainLiquidEnd } from '@levitate/neural';

/** A model in a thread, by what it can be asked. */
export type OpenedModel =
  | { capability: 'bandwidth'; model: BandwidthModel; prove(): void }
  | { capability: 'liquid'; model: LiquidModel; prove(): void };

/**
 * Builds the model of a file for one thread.
 * @throws {ModelError}
 */
export async function openModel(file: ModelFile, engine: NeuralEngine): Promise<OpenedModel> {
  const { capability, origin } = file.manifest;
  if (capability === 'bandwidth') {
    const isOurs = origin.kind === 'trained';
    const open = isOurs ? openBandwidthModel : openImportedBandwidth;
    return provenBandwidth(file, open(file, engine));
  }
  if (capability === 'liquid') {
    const isPlain = !('tf' in engine) && engine.name === 'typescript';
    const open = isPlain ? plainLiquidEnd : openLiquidEnd;
    return provenLiquid(file, await openLiquidModel(file, open));
  }
  throw new ModelError({
    code: 'features',
    message: `${file.id}: a ${capability} model does not run in a thread of its own`,
    nextStep: 'leave it to the burst capability',
  });
}

/** A bandwidth model with the trial it has to stand: no NaN, no negative, no runaway. */
export function provenBandwidth(file: ModelFile, model: BandwidthModel): OpenedModel {
  const { steps } = file.manifest.outputs;
  const prove = () => {
    const windows = TRIALS.map((bandwidth) => trialWindow(file, bandwidth));
    warmUp(() => model.forecast(windows.slice(0, 1)));
    for (const { mean, q10, q50, q90 } of model.forecast(windows)) {
      for (const values of [mean, q10, q50, q90]) {
        if (values.length === steps && values.every((value) => value >= 0 && value < RATE_MAX)) {
          continue;
        }
        throw nonsense(file, `answers ${values.slice(0, 3).join(', ')}, ... to a trial window`);
      }
    }
  };
  return { capability: 'bandwidth', model, prove };
}

/** A liquid model with its trial: every output of every member finite. */
export function provenLiquid(file: ModelFile, model: LiquidModel): OpenedModel {
  const { steps, features } = file.manifest.inputs;
  const prove = () => {
    const window: ObservationWindow = {
      elapsedSeconds: new Float64Array(steps).fill(1.5),
      values: new Float64Array(steps * features.length).fill(0.5),
    };
    warmUp(() => model.infer([window], model.members));
    for (const { outputs } of model.infer([window], model.members)) {
      if (outputs.every((values) => values.every(Number.isFinite))) continue;
      throw nonsense(file, 'answers what is no number to a trial window');
    }
  };
  return { capability: 'liquid', model, prove };
}

/** What the engine has not compiled yet would cost the first callers ten times the usual. */
function warmUp(work: () => unknown): void {
  for (let round = 0; round < WARM_UP_ROUNDS; round++) work();
}

function trialWindow(file: ModelFile, bandwidth: (step: number) => number): PathWindow {
  const { steps, stepMs } = file.manifest.inputs;
  const filled = (value: (step: number) => number) =>
    Float64Array.from({ length: steps }, (_, step) => value(step));
  return {
    stepMs,
    endUnixMs: 1_700_000_000_000,
    bandwidth: filled(bandwidth),
    roundTrip: filled(() => 0.05),
    loss: filled(() => Number.NaN),
  };
}

/** Steady, nothing at all, a jump of ten times, holes. */
const TRIALS: readonly ((step: number) => number)[] = [
  () => 1e6,
  () => 0,
  (step) => (step % 2 === 0 ? 1e6 : 1e7),
  (step) => (step % 3 === 1 ? Number.NaN : 5e6),
];
const WARM_UP_ROUNDS = 40;
/** Far above any path of the decade, bytes/s. */
const RATE_MAX = 1e15;

function nonsense(file: ModelFile, why: string): ModelError {
  return new ModelError({
    code: 'unsound',
    message: `${file.id} in ${file.folder} ${why}`,
    nextStep: 'restore the folder from the repository, or train the model again',
  });
}
