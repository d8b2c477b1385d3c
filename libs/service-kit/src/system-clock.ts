import type { Clock } from '@levitate/clock';

/**
 * The clocks of this machine. `Date.now()` has whole milliseconds; the wall clock here is the
 * monotonic one shifted to lie within the millisecond `Date.now()` names, so it is fractional,
 * follows a step at once and does not run back between steps.
 */
export const systemClock: Clock = {
  unixMs() {
    const monotonic = performance.now();
    const coarse = Date.now();
    const fine = monotonic + offsetMs;
    if (fine < coarse) offsetMs = coarse - monotonic;
    else if (fine >= coarse + 1) offsetMs = coarse + 0.999 - monotonic;
    return monotonic + offsetMs;
  },
  monotonicMs: () => performance.now(),
};

let offsetMs = performance.timeOrigin;
