import { SeededRandom } from '@levitate/clock';
import { openKernel } from '@levitate/neural';
import { expect, it } from 'vitest';
import { generatedPath } from './generated-path.ts';
import {
  openLstmRival,
  rivalForecasts,
  rivalParameters,
  rivalUnits,
  trainLstmRival,
} from './lstm-rival.ts';
import { PathSampler } from './path-sampler.ts';
import { scoredWindows } from './path-score.ts';

const SENSES = { roundTrip: false, loss: false, clock: false };

it('has the units whose parameters come nearest to those of the ensemble', () => {
  for (const parameters of [500, 3066, 18_396]) {
    const units = rivalUnits(parameters);
    const gap = (count: number) => Math.abs(rivalParameters(count) - parameters);
    expect(gap(units)).toBeLessThanOrEqual(Math.min(gap(units - 1), gap(units + 1)));
  }
});

it('comes back from its parameters and forecasts each window as it would alone', async () => {
  const kernel = await openKernel('typescript');
  const series = [generatedPath({ kind: 'periodic', seed: 'rival', seconds: 300 })];
  const sampler = new PathSampler([{ name: 'generated', series, share: 1 }], SENSES);
  const units = 4;
  const trained = await trainLstmRival({
    sampler,
    units,
    kernel,
    random: new SeededRandom(1),
    updates: 2,
    batch: 2,
    learningRate: 0.01,
    signal: new AbortController().signal,
    onUpdate: () => {},
  });
  expect(trained.values).toHaveLength(rivalParameters(units));
  const opened = openLstmRival({ parameters: trained.parameters, units, kernel });
  const windows = scoredWindows(series[0] ?? expect.fail(), 60).map(({ window }) => window);
  const together = rivalForecasts(opened, windows, SENSES);
  const alone = windows.map((window) => rivalForecasts(trained, [window], SENSES)[0]);
  expect(together).toEqual(alone);
  for (const forecast of together) expect(forecast).toBeGreaterThan(0);
  const short = trained.parameters.slice(1);
  const open = () => openLstmRival({ parameters: short, units, kernel });
  expect(open).toThrow(/missing or of another shape/);
});
