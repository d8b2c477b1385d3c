/** A learning rate for each step of a training; `step` counts from 0 to `steps` - 1. */
export type Schedule = (step: number, steps: number) => number;

/**
 * Rises in a line from nothing to `peak`, then falls along half a cosine to `peak` x `floor`
 * (Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5, without restarts).
 *
 * @param options.warmUp share of all steps in which it rises. Default 0.05.
 * @param options.floor share of the peak that remains at the end. Default 0.01.
 */
export function cosineSchedule({
  peak,
  warmUp = 0.05,
  floor = 0.01,
}: {
  peak: number;
  warmUp?: number;
  floor?: number;
}): Schedule {
  return (step, steps) => {
    const rising = Math.round(warmUp * steps);
    if (step < rising) return (peak * (step + 1)) / rising;
    const done = (step - rising) / Math.max(1, steps - rising - 1);
    return peak * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * Math.min(1, done)))) / 2);
  };
}
