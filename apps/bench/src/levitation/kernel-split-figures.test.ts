import { expect, it } from 'vitest';
import { kernelSplitFigures } from './kernel-split-figures.ts';

const beside = { reserved: 0.5, occupied: 0.1, longestDelayMs: 9, changesPerMinute: 6 };
const totals = (drops: number) => ({ ...beside, drops });
const real = (drops: number) => ({ ...totals(drops), heldMost: 1 });

it('sets real and simulated queues side by side', () => {
  const { metrics, baseline, notMeasured } = kernelSplitFigures({
    real: new Map([
      ['static_split', real(400)],
      ['reactive_split', real(500)],
      ['predictive_split', real(50)],
    ]),
    simulated: new Map([
      ['reactive_split', totals(1_000)],
      ['predictive_split', totals(80)],
    ]),
  });
  expect(metrics).toEqual({
    t3_real_drops_vs_reactive_split: 0.1,
    t3_simulated_drops_vs_reactive_split_same_traffic: 0.08,
  });
  expect(baseline).toMatchObject({
    t3_real_predictive_split_drops: 50,
    t3_real_drops_vs_static_split: 0.125,
    t3_real_predictive_split_held_most: 1,
    t3_simulated_reactive_split_drops_same_traffic: 1_000,
  });
  expect(notMeasured).toEqual({});
});

it('gives no ratio where the reactive split dropped next to nothing', () => {
  const few = { real: new Map([['reactive_split', real(99)]] as const), simulated: new Map() };
  const { metrics, notMeasured } = kernelSplitFigures(few);
  expect(metrics).toEqual({});
  expect(notMeasured.t3_real_drops_vs_reactive_split).toMatch(/99 packets, fewer than 100/);
});
