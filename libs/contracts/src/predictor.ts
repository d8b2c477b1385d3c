import { filterNamesMax, windowSamplesMax } from './limits.ts';
import { name, nameOrAll, sample } from './sample-fields.ts';
import { list, type Rule, requestOf } from './validators.ts';

/** Validators of `levitate.predictor.v1.PredictorService`. */
export const predictorValidators = {
  streamForecasts: requestOf({ links: list(name, { max: filterNamesMax }) }),
  getForecast: requestOf({ link: name }),
  forecastWindow: requestOf({ samples: list(sample, { min: 1, max: windowSamplesMax }) }, [
    oneLinkInOrder,
  ]),
  listForecasters: requestOf({ link: nameOrAll }),
};

/** A window is of one link, and its times ascend: a forecaster would read anything else wrongly. */
function oneLinkInOrder(request: Parameters<Rule>[0]): ReturnType<Rule> {
  const samples = request.samples as { link: string; timeUnixMs: number }[];
  let previous = samples[0];
  for (const [index, one] of samples.entries()) {
    if (previous === undefined || index === 0) continue;
    if (one.link !== previous.link) {
      const description = `must be ${JSON.stringify(previous.link)} as in the samples before`;
      return { field: `samples[${index}].link`, description };
    }
    if (one.timeUnixMs <= previous.timeUnixMs) {
      const description = `must be later than ${previous.timeUnixMs}, was ${one.timeUnixMs}`;
      return { field: `samples[${index}].time_unix_ms`, description };
    }
    previous = one;
  }
  return undefined;
}
