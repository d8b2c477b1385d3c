import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { Adam64 } from './adam64.ts';
import { initialParameters } from './initial-parameters.ts';
import { parseLiquidConfig } from './liquid-config.ts';
import { LiquidNetwork } from './liquid-network.ts';

it('moves each number by the learning rate in the first step, against its gradient', () => {
  const values = Float64Array.of(1, 1);
  const gradients = Float64Array.of(0.3, -20);
  new Adam64(2, { learningRate: 0.01 }).update({ values, gradients });
  expect(values[0]).toBeCloseTo(0.99, 8);
  expect(values[1]).toBeCloseTo(1.01, 8);
  expect([...gradients]).toEqual([0, 0]);
});

it('does not let one long gradient rule the next steps', () => {
  const after = (clipNorm: number) => {
    const values = Float64Array.of(0);
    const adam = new Adam64(1, { learningRate: 0.01, clipNorm });
    for (const gradient of [1000, -1, -1, -1]) {
      adam.update({ values, gradients: Float64Array.of(gradient) });
    }
    return values[0] as number;
  };
  expect(after(1)).toBeGreaterThan(after(1e9));
});

it('teaches a wired closed-form network an irregularly sampled sine', () => {
  const config = parseLiquidConfig({ cell: 'cfc', wired: true, outputProjection: true });
  const sizes = { inputs: 1, units: 10, motors: 2, outputs: 1 };
  const random = new SeededRandom('sine');
  const parameters = initialParameters(config, sizes, random);
  const network = new LiquidNetwork({ config, parameters });
  const adam = new Adam64(network.parameters.values.length, { learningRate: 0.01, clipNorm: 1 });
  const losses = Array.from({ length: 150 }, () => {
    const steps = 30;
    const timespans = Float64Array.from({ length: steps }, () => random.uniform(0.1, 0.5));
    let time = random.uniform(0, 6);
    const times = timespans.map((span) => {
      time += span;
      return time;
    });
    const output = network.forward({ values: times.map(Math.sin), timespans, steps });
    const errors = output.map((value, t) => value - Math.sin((times[t] as number) + 0.5));
    network.backward(errors.map((error) => error / steps));
    adam.update(network.parameters);
    return errors.reduce((sum, error) => sum + error * error, 0) / steps;
  });
  const late = losses.slice(-10).reduce((sum, loss) => sum + loss, 0) / 10;
  expect(late).toBeLessThan(0.02);
});
