import {
  filterNamesMax,
  horizonStepsMax,
  observationValuesMax,
  pathWindowSamplesMax,
  windowSamplesMax,
  windowsOfCallMax,
} from './limits.ts';
import { name, nameOrAll, pathSample, sample } from './sample-fields.ts';
import { integer, list, message, type Rule, range, requestOf } from './validators.ts';

/** Validators of `levitate.predictor.v1.PredictorService`. */
export const predictorValidators = {
  streamForecasts: requestOf({ links: list(name, { max: filterNamesMax }) }),
  getForecast: requestOf({ link: name }),
  forecastWindow: requestOf({ samples: list(sample, { min: 1, max: windowSamplesMax }) }, [
    oneSeriesInOrder('link'),
  ]),
  listForecasters: requestOf({ link: nameOrAll }),
};

const pathWindow = message({ samples: list(pathSample, { min: 1, max: pathWindowSamplesMax }) }, [
  oneSeriesInOrder('path'),
]);

/** Validators of `levitate.predictor.v1.BandwidthService`. */
export const bandwidthValidators = {
  streamBandwidth: requestOf({ paths: list(name, { max: filterNamesMax }) }),
  getBandwidth: requestOf({ path: name }),
  forecastBandwidth: requestOf({
    windows: list(pathWindow, { min: 1, max: windowsOfCallMax }),
    horizonSteps: integer({ min: 0, max: horizonStepsMax }),
    trafficClass: nameOrAll,
  }),
};

const observation = message({
  elapsedSeconds: range({ min: 0, max: 86_400 }),
  values: list(range({ min: -1e15, max: 1e15 }), { min: 1, max: observationValuesMax }),
});

/** Validators of `levitate.predictor.v1.LiquidService`. */
export const liquidValidators = {
  inferLiquid: requestOf({
    model: nameOrAll,
    windows: list(message({ steps: list(observation, { min: 1, max: pathWindowSamplesMax }) }), {
      min: 1,
      max: windowsOfCallMax,
    }),
  }),
};

/** Validators of `levitate.predictor.v1.ModelService`. */
export const modelValidators = {
  listModels: requestOf({}),
  getModel: requestOf({ name }),
};

/**
 * A window is of one link or path, and its times ascend: a forecaster would read anything else
 * wrongly.
 */
function oneSeriesInOrder(key: 'link' | 'path'): Rule {
  return (request) => inOrder(key, request.samples as Timed[]);
}

interface Timed {
  link?: string;
  path?: string;
  timeUnixMs: number;
}

function inOrder(key: 'link' | 'path', samples: readonly Timed[]): ReturnType<Rule> {
  let previous = samples[0];
  for (const [index, one] of samples.entries()) {
    if (previous === undefined || index === 0) continue;
    if (one[key] !== previous[key]) {
      const description = `must be ${JSON.stringify(previous[key])} as in the samples before`;
      return { field: `samples[${index}].${key}`, description };
    }
    if (one.timeUnixMs <= previous.timeUnixMs) {
      const description = `must be later than ${previous.timeUnixMs}, was ${one.timeUnixMs}`;
      return { field: `samples[${index}].time_unix_ms`, description };
    }
    previous = one;
  }
  return undefined;
}
