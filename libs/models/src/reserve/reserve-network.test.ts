import { openKernel } from '@levitate/neural';
import { expect, it } from 'vitest';
import type { Manifest } from '../manifest.ts';
import type { ModelFile } from '../model-file.ts';
import { refusalOf as refusal, shippedFile } from '../testdata/shipped-file.ts';
import { openReserveModel, RESERVE_PRICES } from './reserve-network.ts';

const { file: shipped, with: withManifest } = await shippedFile('reserve');
const kernel = await openKernel('typescript');
const refusalOf = (file: ModelFile) => refusal(() => openReserveModel(file, kernel));

it('the shipped model asks for more where reserve is cheaper, and follows a surge', () => {
  const demand = Float64Array.from({ length: 400 }, (_, second) => (second < 300 ? 100 : 400));
  const curves = openReserveModel(shipped, kernel).capacities({ demand, startSecond: 0 }, 1);
  expect(curves).toHaveLength(RESERVE_PRICES.length);
  for (const [second, dearest] of (curves.at(-1) as Float64Array).entries()) {
    expect(curves[0]?.[second]).toBeGreaterThanOrEqual(dearest);
    expect(Number.isFinite(dearest) && dearest >= 0).toBe(true);
  }
  const middle = curves[5] as Float64Array;
  expect(middle[390]).toBeGreaterThan(2 * (middle[290] as number));
});

it('a model of another capability or of other features is refused', () => {
  const other = { name: 'other', unit: 'x' };
  const { inputs } = shipped.manifest;
  const swapped = { ...inputs, features: [...inputs.features.slice(1), other] };
  for (const over of [{ capability: 'burst' as const }, { inputs: swapped }]) {
    expect(refusalOf(withManifest(over))).toMatchObject({ code: 'features' });
  }
});

it('one without moments of each state feature is refused', () => {
  const { inputs } = shipped.manifest;
  const { parameters } = inputs.normalisation;
  const short = (parameters.deviations as number[]).slice(1);
  for (const values of [
    {},
    { ...parameters, means: 'none' },
    { ...parameters, deviations: short },
  ]) {
    const normalisation = { ...inputs.normalisation, parameters: values };
    const file = withManifest({ inputs: { ...inputs, normalisation } } as Partial<Manifest>);
    expect(refusalOf(file)).toMatchObject({ code: 'malformed' });
  }
});

it('one whose weights do not fit its network is refused', () => {
  const cut = { ...shipped, parameters: shipped.parameters.slice(1) };
  expect(refusalOf(cut)).toMatchObject({ code: 'shape' });
});
