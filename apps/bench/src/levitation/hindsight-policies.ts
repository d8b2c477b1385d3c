import { atEqualReserve, runWanted, type TunedPolicy } from '@levitate/models';

/** Seconds on each side that the rate is the mean of. */
const RATE_S = 20;

/**
 * Policies that know what no policy can, at equal reserve: bounds. The oracle knows the requests of
 * every second until new capacity is usable. `rateKnown` knows the rate that they come at, past and
 * to come, but not the chance of the single second, and asks for the rate x headroom: where demand
 * is chance around a rate, nobody who does not see the future can be expected to do much better.
 */
export const hindsightPolicies: Readonly<Record<'oracle' | 'rateKnown', TunedPolicy>> = {
  oracle: scaledNeed('oracle', (demand) => demand),
  rateKnown: scaledNeed('rate known', rateOf),
};

/** The highest value until capacity is usable, times what equal reserve allows. */
function scaledNeed(name: string, known: (demand: Float64Array) => Float64Array): TunedPolicy {
  return {
    name,
    run({ demand }, { delaySeconds, share }) {
      const values = known(demand);
      const need = values.map((value, second) => {
        let highest = value;
        for (let ahead = 1; ahead <= delaySeconds; ahead++) {
          highest = Math.max(highest, values[second + ahead] ?? 0);
        }
        return highest;
      });
      const at = (scale: number) =>
        runWanted(demand, { wanted: need.map((value) => scale * value), delaySeconds });
      return atEqualReserve(at, { range: [0, 20], share });
    },
  };
}

function rateOf(demand: Float64Array): Float64Array {
  const sums = new Float64Array(demand.length + 1);
  for (let second = 0; second < demand.length; second++) {
    sums[second + 1] = (sums[second] as number) + (demand[second] as number);
  }
  return demand.map((_, second) => {
    const from = Math.max(0, second - RATE_S);
    const to = Math.min(demand.length, second + RATE_S + 1);
    return ((sums[to] as number) - (sums[from] as number)) / (to - from);
  });
}
