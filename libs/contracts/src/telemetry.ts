import { filterNamesMax, pushSamplesMax } from './limits.ts';
import { name, sample } from './sample-fields.ts';
import { flag, list, requestOf } from './validators.ts';

/** Validators of `levitate.telemetry.v1.TelemetryService`. */
export const telemetryValidators = {
  pushSamples: requestOf({ samples: list(sample, { min: 1, max: pushSamplesMax }) }),
  getWindow: requestOf({ link: name }),
  streamSamples: requestOf({ links: list(name, { max: filterNamesMax }), backlog: flag }),
  listLinks: requestOf({}),
};
