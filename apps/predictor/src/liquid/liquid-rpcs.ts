import type { predictor } from '@levitate/contracts';
import type { Handlers } from '@levitate/grpc-kit';
import type { ObservationWindow } from '@levitate/models';
import { wrongWidth } from '../errors.ts';
import type { LiquidEngine } from './liquid-engine.ts';

/** `levitate.predictor.v1.LiquidService`. */
export function liquidRpcs(engine: LiquidEngine): Handlers<predictor.LiquidServiceMethods> {
  return {
    async inferLiquid({ model, windows }, { signal, deadlineUnixMs }) {
      const asked = windows.map(({ steps }, index) => observations(steps, index));
      const made = await engine.infer({ model, windows: asked, signal, deadlineUnixMs });
      return {
        answers: made.answers.map(({ values, coherence, isCoherent, cached }) => ({
          values: [...values],
          coherence,
          coherent: isCoherent,
          cached,
        })),
        model: made.model,
        backend: made.backend,
        members: made.members,
        governor: made.governor,
        modelledEnergyMicrojoules: made.microjoules,
      };
    },
  };
}

function observations(steps: readonly predictor.LiquidStep[], index: number): ObservationWindow {
  const width = steps[0]?.values.length ?? 0;
  const odd = steps.findIndex(({ values }) => values.length !== width);
  const step = steps[odd];
  if (step !== undefined) {
    throw wrongWidth(`windows[${index}].steps[${odd}].values`, step.values.length, width);
  }
  return {
    elapsedSeconds: Float64Array.from(steps, ({ elapsedSeconds }) => elapsedSeconds),
    values: Float64Array.from(steps.flatMap(({ values }) => values)),
  };
}
