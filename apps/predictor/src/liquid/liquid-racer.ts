import { RpcError } from '@levitate/grpc-kit';
import { energyMicrojoules, type ModelFile, observationsOfPath } from '@levitate/models';
import type { WindowForecast } from '../bandwidth/bandwidth-engine.ts';
import type { PathRacer } from '../bandwidth/path-racer.ts';
import { WINDOW_STEPS } from '../bandwidth/path-window.ts';
import { soundForecast } from '../bandwidth/sound-forecast.ts';
import type { LiquidFacts } from '../models/model-work.ts';
import { referenceOf } from '../models/validation-reference.ts';
import type { LiquidAnswer, LiquidEngine, LiquidSteps } from './liquid-engine.ts';

/**
 * The liquid ensemble among those that race on followed paths. It is asked through the same engine
 * as everybody's calls, so that one energy budget holds for all; half of it, with every member
 * answering, bounds the paths. An answer whose members do not agree is withheld.
 */
export function liquidRacer(parts: {
  file: ModelFile;
  facts: LiquidFacts;
  engine: Pick<LiquidEngine, 'look' | 'known' | 'infer'>;
  budgetMicrowatts: number;
  /** Time between two rounds of forecasts. */
  roundMs: number;
}): PathRacer {
  const { file, facts, engine, budgetMicrowatts, roundMs } = parts;
  const ofWindow = energyMicrojoules(facts.macsOfStep * WINDOW_STEPS * facts.members);
  const ofRound = (budgetMicrowatts * SHARE_OF_PATHS * roundMs) / 1000;
  return {
    id: file.id,
    reference: referenceOf(file),
    pathsMax: Math.floor(ofRound / ofWindow),
    async forecast(windows, call) {
      const looked = engine.look({ model: file.manifest.name, windows: windows.map(stepsOf) });
      try {
        const made =
          looked.missing.length === 0 ? engine.known(looked) : await engine.infer(looked, call);
        return made.answers.map((answer, index) => {
          const window = windows[index];
          if (!answer.isCoherent || window === undefined) return withheld('incoherent');
          const steps = soundForecast(pointsOf(answer), window);
          const { backend, model } = made;
          if (steps === undefined) return withheld('unsound');
          return { steps, model, backend, abstained: [], cached: answer.cached };
        });
      } catch (error) {
        if (!(error instanceof RpcError) || error.code !== 'RESOURCE_EXHAUSTED') throw error;
        const why = error.reason === 'ENERGY_BUDGET' ? 'energy-budget' : 'model-busy';
        return windows.map(() => withheld(why));
      }
    },
  };
}

function stepsOf(window: Parameters<typeof observationsOfPath>[0]): LiquidSteps {
  const { elapsedSeconds, values } = observationsOfPath(window);
  const width = values.length / elapsedSeconds.length;
  return {
    steps: Array.from(elapsedSeconds, (elapsed, step) => ({
      elapsedSeconds: elapsed,
      values: Array.from(values.subarray(step * width, (step + 1) * width)),
    })),
  };
}

/** An ensemble gives its mean alone; the race's newest errors make the band. */
function pointsOf({ values }: LiquidAnswer) {
  return { mean: values, q10: values, q50: values, q90: values };
}

function withheld(why: string): WindowForecast {
  return { steps: [], model: 'none@1', backend: '', abstained: [why], cached: false };
}

/** What calls are left of the energy budget is as much. */
const SHARE_OF_PATHS = 0.5;
