import { openKernel } from '@levitate/neural';
import { expect, it } from 'vitest';
import type { Manifest } from '../../manifest.ts';
import type { ModelFile } from '../../model-file.ts';
import { refusalOf as refusal, shippedFile } from '../../testdata/shipped-file.ts';
import { isRequestOnsets, openRequestOnsets } from './request-onset-file.ts';

const { file: shipped, with: withManifest } = await shippedFile('onsets');
const kernel = await openKernel('typescript');
const refusalOf = (file: ModelFile) => refusal(() => openRequestOnsets(file, kernel));

it('the shipped file opens, and only where it won does it say so', () => {
  expect(isRequestOnsets(shipped)).toBe(true);
  expect(openRequestOnsets(shipped, kernel)).toMatchObject({ id: shipped.id, hasWon: true });
  expect(openRequestOnsets(withManifest({ classes: {} }), kernel).hasWon).toBe(false);
  expect(isRequestOnsets(withManifest({ name: 'burst' }))).toBe(false);
  expect(isRequestOnsets(withManifest({ capability: 'bandwidth' }))).toBe(false);
});

it('a manifest without a network, without moments or with too few of them is refused', () => {
  expect(refusalOf(withManifest({ spec: undefined }))).toMatchObject({ code: 'shape' });
  const { inputs } = shipped.manifest;
  const { parameters } = inputs.normalisation;
  const normalised = (values: object) =>
    withManifest({
      inputs: { ...inputs, normalisation: { ...inputs.normalisation, parameters: values } },
    } as Partial<Manifest>);
  const short = (parameters.means as number[]).slice(1);
  for (const values of [{}, { ...parameters, means: short }, { ...parameters, deviations: 1 }]) {
    const refusal = refusalOf(normalised(values));
    expect(refusal).toMatchObject({ code: 'malformed' });
    expect(String(refusal)).toContain('means and deviations');
  }
});

it('a file of the profile alone, without members, is refused', () => {
  const tables = shipped.parameters.filter(({ name }) => !name.startsWith('member '));
  expect(tables.length).toBeGreaterThan(0);
  const refusal = refusalOf({ ...shipped, parameters: tables });
  expect(refusal).toMatchObject({ code: 'shape', message: expect.stringContaining('no members') });
});
