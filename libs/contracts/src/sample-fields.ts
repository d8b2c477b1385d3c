import { nameLengthMax } from './limits.ts';
import {
  type Check,
  enumOf,
  type Fields,
  integer,
  message,
  range,
  required,
  text,
} from './validators.ts';

/** A link's, target's or holder's name: 1 to 128 characters. */
export const name: Check = required(text({ max: nameLengthMax }));

/** The same, where an empty name means "all". */
export const nameOrAll: Check = text({ max: nameLengthMax });

const origins = ['UNSPECIFIED', 'KERNEL', 'SIMULATED', 'PROC', 'PUSH', 'REPLAY', 'PROMETHEUS'];
/** Far above any link of the decade; what lies beyond is a broken counter. */
const bytesPerSecond = range({ min: 0, max: 1e15 });
const count = range({ min: 0, max: Number.MAX_SAFE_INTEGER });
const delaySeconds = range({ min: 0, max: 3_600 });

/** What every sample says of itself, whatever it measures. */
const timed: Fields = {
  sequence: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  // The upper end is the last instant a JavaScript Date can name.
  timeUnixMs: required(range({ min: 0, max: 8.64e15 })),
  intervalMs: range({ min: 1, max: 3_600_000 }),
  origin: enumOf(origins.map((origin) => `SAMPLE_ORIGIN_${origin}`)),
};

const fields: Fields = {
  link: name,
  ...timed,
  throughputBytesPerSecond: bytesPerSecond,
  packetsPerSecond: bytesPerSecond,
  throughputPeakBytesPerSecond: bytesPerSecond,
  queueBytes: count,
  queuePackets: count,
  queueHighWaterBytes: count,
  latencyP50Seconds: delaySeconds,
  latencyP95Seconds: delaySeconds,
  latencyP99Seconds: delaySeconds,
  connectionsPerSecond: range({ min: 0, max: 1e9 }),
  droppedPackets: count,
  droppedBytes: count,
  limitBytes: count,
  drainBytesPerSecond: bytesPerSecond,
};

/** One sample: a link and a time are required, a value not measured is absent. */
export const sample: Check = message(fields);

/** One path sample: a path and a time are required, a value not measured is absent. */
export const pathSample: Check = message({
  path: name,
  ...timed,
  bandwidthBytesPerSecond: bytesPerSecond,
  roundTripSeconds: delaySeconds,
  lossRatio: range({ min: 0, max: 1 }),
});
