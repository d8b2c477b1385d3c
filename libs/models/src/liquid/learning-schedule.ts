/** Share of the learning rate that is left at the end. */
const RATE_LEFT = 0.02;
/** The rate rises over a tenth of the updates, at most over so many. */
const WARM_UP_MAX = 100;

/**
 * Share of the learning rate at an update: a short rise, then half a cosine (Loshchilov and Hutter
 * 2017, without restarts).
 * @param update 1 to `updates`
 */
export function learningShare(update: number, updates: number): number {
  const warm = Math.min(1, update / Math.max(1, Math.min(WARM_UP_MAX, updates / 10)));
  const cosine = 0.5 * (1 + Math.cos((Math.PI * update) / updates));
  return warm * (RATE_LEFT + (1 - RATE_LEFT) * cosine);
}
