/** One stretch of demand that the network sized, second after second. */
export interface ReserveStretch {
  /** Requests of each second of the stretch. */
  demand: Float64Array;
  /** What the network's answers are multiples of, requests/s. */
  references: Float64Array;
  /** @see ReserveQuestion */
  price: number;
  delaySeconds: number;
  /** What rejects and reserve are divided by: the mean demand of the series. */
  scale: number;
}

/** Answers beyond these are cut: from a twentieth of the reference to fifty times. */
const LOG_MIN = -3;
const LOG_MAX = 4;

/** Capacity out of an answer of the network. */
export function capacityOf(answer: number, reference: number): number {
  return reference * Math.exp(Math.max(LOG_MIN, Math.min(LOG_MAX, answer)));
}

/**
 * What a pool of track T4 would have cost with the capacities that the network asks for: requests
 * rejected + price x capacity reserved. Capacity counts from the second it is asked for, is usable
 * after the delay and goes at once, so that what can be used is the least asked for over the delay.
 * Mean over all seconds that have a whole delay behind them.
 * @param output one answer for each second of each stretch, stretch after stretch
 * @returns the loss; writes its gradient by `output`
 */
export function reserveLoss(
  stretches: readonly ReserveStretch[],
  output: Float32Array,
  gradient: Float32Array,
): number {
  gradient.fill(0);
  let loss = 0;
  let from = 0;
  for (const stretch of stretches) {
    loss += stretchLoss(stretch, { output, gradient, from, count: stretches.length });
    from += stretch.demand.length;
  }
  return loss;
}

function stretchLoss(
  { demand, references, price, delaySeconds, scale }: ReserveStretch,
  at: { output: Float32Array; gradient: Float32Array; from: number; count: number },
): number {
  const { output, gradient, from } = at;
  const weight = 1 / (scale * at.count * (demand.length - delaySeconds));
  const wanted = references.map((reference, second) =>
    capacityOf(output[from + second] as number, reference),
  );
  // The derivative of exp is exp: capacity itself.
  const add = (second: number, slope: number) => {
    const answer = output[from + second] as number;
    if (answer < LOG_MIN || answer > LOG_MAX) return;
    const change = slope * weight * (wanted[second] as number);
    gradient[from + second] = (gradient[from + second] as number) + change;
  };
  let loss = 0;
  for (let second = delaySeconds; second < demand.length; second++) {
    let least = second;
    for (let back = 1; back <= delaySeconds; back++) {
      if ((wanted[second - back] as number) < (wanted[least] as number)) least = second - back;
    }
    const missing = (demand[second] as number) - (wanted[least] as number);
    if (missing > 0) {
      loss += weight * missing;
      add(least, -1);
    }
    loss += weight * price * (wanted[second] as number);
    add(second, price);
  }
  return loss;
}
