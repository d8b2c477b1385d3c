import { filterNamesMax, pushSamplesMax } from './limits.ts';
import { name, pathSample, sample } from './sample-fields.ts';
import { flag, list, requestOf } from './validators.ts';

/** Validators of `levitate.telemetry.v1.TelemetryService`. */
export const telemetryValidators = {
  pushSamples: requestOf({ samples: list(sample, { min: 1, max: pushSamplesMax }) }),
  getWindow: requestOf({ link: name }),
  streamSamples: requestOf({ links: list(name, { max: filterNamesMax }), backlog: flag }),
  listLinks: requestOf({}),
  pushPathSamples: requestOf({ samples: list(pathSample, { min: 1, max: pushSamplesMax }) }),
  getPathWindow: requestOf({ path: name }),
  streamPathSamples: requestOf({ paths: list(name, { max: filterNamesMax }), backlog: flag }),
  listPaths: requestOf({}),
};
