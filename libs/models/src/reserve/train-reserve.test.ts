import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('goes on from its checkpoint to the same bytes, and from no other’s', async () => {
  const kernel = await openKernel('wasm');
  const corpora = [{ weight: 1, series: [series('a'), series('b')] }];
  const folder = mkdtempSync(join(tmpdir(), 'lev-reserve-'));
  const checkpoint = join(folder, 'reserve.checkpoint');
  const options = { kernel, units: [8], learningRate: 0.02, seed: 'x', steps: 120 };
  try {
    const whole = await trainReserve(corpora, options);
    const stopping = new AbortController();
    const onStep = (step: number) => step === 50 && stopping.abort(new Error('enough'));
    const { signal } = stopping;
    const interrupted = trainReserve(corpora, { ...options, checkpoint, signal, onStep });
    await expect(interrupted).rejects.toThrow('enough');
    expect(existsSync(checkpoint)).toBe(true);
    const steps: number[] = [];
    const resumed = await trainReserve(corpora, {
      ...{ ...options, checkpoint },
      onStep: (step) => steps.push(step),
    });
    expect(steps).toEqual([100]);
    expect([...resumed.network.values]).toEqual([...whole.network.values]);
    expect(resumed.loss).toBe(whole.loss);
    const other = [{ weight: 1, series: [series('c')] }];
    for (const [data, seed] of [
      [other, 'x'],
      [corpora, 'y'],
    ] as const) {
      const strange = trainReserve(data, { ...options, seed, checkpoint });
      await expect(strange).rejects.toMatchObject({ code: 'other-training' });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
