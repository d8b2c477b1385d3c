import { SeededRandom } from '@levitate/clock';
import { openKernel } from '@levitate/neural';
import { expect, it } from 'vitest';
import { RESERVE_PRICES, ReserveModel } from './reserve-network.ts';
import { trainReserve } from './train-reserve.ts';

/** Requests that triple in the first ten seconds of each minute. */
function series(seed: string) {
  const random = new SeededRandom(seed);
  const demand = Float64Array.from({ length: 2400 }, (_, second) =>
    random.poisson(second % 60 < 10 ? 90 : 30),
  );
  return { demand, startSecond: 0 };
}

it('learns to reserve before a surge that follows the clock, alike for a seed', async () => {
  const kernel = await openKernel('wasm');
  const corpora = [{ weight: 1, series: [series('a'), series('b')] }];
  const options = { kernel, units: [8], learningRate: 0.02 };
  const trained = await trainReserve(corpora, { ...options, seed: 'x', steps: 400 });
  const curves = new ReserveModel(trained).capacities(series('new'), 1);
  const middle = curves[Math.floor(RESERVE_PRICES.length / 2)] as Float64Array;
  const meanAt = (phase: number) => {
    const values = middle.filter((_, second) => second > 600 && second % 60 === phase);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  // The last second that can still make capacity for the surge, and one in the middle of the calm.
  expect(meanAt(59)).toBeGreaterThan(1.5 * meanAt(40));
  for (const [second, dearest] of (curves.at(-1) as Float64Array).entries()) {
    expect(curves[0]?.[second]).toBeGreaterThanOrEqual(dearest);
  }
  const short = { ...options, steps: 3 };
  const again = await trainReserve(corpora, { ...short, seed: 'y' });
  const twin = await trainReserve(corpora, { ...short, seed: 'y' });
  const values = ({ network }: typeof again) => network.parameters.map((each) => [...each.values]);
  expect(values(again)).toEqual(values(twin));
});
