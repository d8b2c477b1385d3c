/** What was said and what came. */
export interface ForecastOutcome {
  actual: number;
  forecast: number;
}

/**
 * Weighted absolute percentage error: sum of |error| over sum of actual, pooled over all windows.
 * (A mean of percentages explodes near zero.) 0/0 counts as 0, beside nothing anything is 1.
 */
export function wape(outcomes: readonly ForecastOutcome[]): number {
  let error = 0;
  let total = 0;
  for (const { actual, forecast } of outcomes) {
    error += Math.abs(actual - forecast);
    total += actual;
  }
  if (total === 0) return error === 0 ? 0 : 1;
  return error / total;
}
