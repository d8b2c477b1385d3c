import { decisionsMax, filterNamesMax, pauseSecondsMax, reasonLengthMax } from './limits.ts';
import { name, nameOrAll } from './sample-fields.ts';
import { enumOf, integer, list, range, requestOf, required, text } from './validators.ts';

const identifier = integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
/** `MODE_UNSPECIFIED` is what a missing mode decodes to, so it is refused. */
const mode = enumOf(['MODE_OBSERVE', 'MODE_RECOMMEND', 'MODE_ENFORCE']);

/** Validators of `levitate.fsu_controller.v1.FsuControllerService`. */
export const fsuControllerValidators = {
  listTargets: requestOf({}),
  streamTicks: requestOf({ targets: list(name, { max: filterNamesMax }) }),
  listDecisions: requestOf({ target: nameOrAll, limit: integer({ min: 0, max: decisionsMax }) }),
  explainDecision: requestOf({ id: required(identifier) }),
  setMode: requestOf({ target: nameOrAll, mode: required(mode) }),
  pause: requestOf({
    durationSeconds: range({ min: 0, max: pauseSecondsMax }),
    reason: text({ max: reasonLengthMax }),
  }),
  resume: requestOf({}),
  rollback: requestOf({ target: nameOrAll }),
  getCanary: requestOf({}),
  startCanary: requestOf({}),
  abortCanary: requestOf({ reason: text({ max: reasonLengthMax }) }),
  listReports: requestOf({ target: nameOrAll }),
};
