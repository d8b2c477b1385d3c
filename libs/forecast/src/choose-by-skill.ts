/** Running loss of one forecaster. */
export interface RunningLoss {
  name: string;
  /** Mean loss of late; undefined while there is none. */
  loss: number | undefined;
  /** Comparisons behind it. */
  count: number;
}

/** How much better is better. */
export interface ChoiceOptions {
  /** A challenger needs at least this much less loss than the baseline, a share. Default 0.05. */
  margin?: number;
  /** ... and this much less than the forecaster in service, a share. Default 0.05. */
  hysteresis?: number;
  /** Comparisons before a forecaster may serve. Default 60. */
  countMin?: number;
}

/**
 * Which forecaster serves a link next: the one with the least running loss, if it beats the
 * baseline by a margin; the one in service stays until another is clearly better or the baseline
 * catches up. Whatever does not beat the baseline stands aside (SPEC 3.1).
 *
 * @param baseline the first of `losses`
 */
export function chooseBySkill(input: {
  serving: string;
  losses: readonly [RunningLoss, ...RunningLoss[]];
  options?: ChoiceOptions;
}): string {
  const { margin = 0.05, hysteresis = 0.05, countMin = 60 } = input.options ?? {};
  const [baseline, ...others] = input.losses;
  const bar = baseline.loss;
  if (bar === undefined) return baseline.name;
  const known = others.flatMap(({ name, loss, count }) =>
    loss !== undefined && Number.isFinite(loss) && count >= countMin ? [{ name, loss }] : [],
  );
  const serving = known.find(({ name, loss }) => name === input.serving && loss < bar);
  const toBeat = Math.min((1 - margin) * bar, (1 - hysteresis) * (serving?.loss ?? bar));
  let best = serving ?? { name: baseline.name, loss: bar };
  for (const challenger of known) {
    const isBetter = challenger.loss < best.loss && challenger.loss <= toBeat;
    if (challenger.name !== input.serving && isBetter) best = challenger;
  }
  return best.name;
}
