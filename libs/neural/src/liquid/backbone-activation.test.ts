import { describe, expect, it } from 'vitest';
import { activationOf, backboneActivations } from './backbone-activation.ts';

describe.each(backboneActivations)('%s', (name) => {
  const { value, slope } = activationOf[name];

  it.each([-3, -0.7, 0.3, 2.5])('has the slope that differences give at %d', (u) => {
    const difference = (value(u + 1e-6) - value(u - 1e-6)) / 2e-6;
    expect(slope(u)).toBeCloseTo(difference, 7);
  });
});

it('gives the published values at 1', () => {
  expect(activationOf.lecun_tanh.value(1)).toBeCloseTo(1.7159 * Math.tanh(0.666), 12);
  expect(activationOf.gelu.value(1)).toBeCloseTo(0.8413447461, 9);
  expect(activationOf.silu.value(1)).toBeCloseTo(0.7310585786, 9);
});
