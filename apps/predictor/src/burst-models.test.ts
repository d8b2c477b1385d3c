import { fileURLToPath } from 'node:url';
import { loadModelFile, type ModelFile } from '@levitate/models';
import { describe, expect, it } from 'vitest';
import { BurstModels } from './burst-models.ts';
import { burstySamples } from './testing/bursty-samples.ts';

/** The model that comes with the source, as if every class had gone to `winner`. */
async function shipped(winner = 'learned'): Promise<ModelFile> {
  const folder = fileURLToPath(new URL('../../../models/burst', import.meta.url));
  const file = await loadModelFile(folder);
  const classes = Object.entries(file.manifest.classes).map(([name, one]) => [
    name,
    { ...one, winner },
  ]);
  return { ...file, manifest: { ...file.manifest, classes: Object.fromEntries(classes) } };
}

async function modelsOf(file: ModelFile): Promise<BurstModels> {
  const models = new BurstModels('typescript');
  await models.prove(file);
  models.serve([file]);
  return models;
}

const forecastersOf = (models: BurstModels, link = 'a') => {
  const forecaster = models.newLinkForecaster({ link, horizonS: 10 });
  for (const sample of burstySamples({ seconds: 3 })) forecaster.learn(sample);
  return forecaster.scores().map((each) => each.forecaster);
};

describe('BurstModels', () => {
  it('gives a link the statistical forecasters alone while there is no model', () => {
    const names = forecastersOf(new BurstModels('auto'));
    expect(names.length).toBeGreaterThan(1);
    expect(names).not.toContain('learned');
  });

  it('puts the learned forecaster beside them where it won a class, and takes it out again', async () => {
    const file = await shipped();
    const models = await modelsOf(file);
    expect(models.current?.id).toBe(file.id);
    expect(forecastersOf(models)).toContain('learned');
    models.serve([]);
    expect(models.current).toBeUndefined();
    expect(forecastersOf(models)).not.toContain('learned');
  });

  it('leaves a model out that won no class', async () => {
    expect(forecastersOf(await modelsOf(await shipped('periodic')))).not.toContain('learned');
  });

  it('refuses a model of other features and one whose parameters are short', async () => {
    const file = await shipped();
    const inputs = { ...file.manifest.inputs, features: [{ name: 'other', unit: '1' }] };
    const strange = { ...file, manifest: { ...file.manifest, inputs } };
    const models = new BurstModels('typescript');
    await expect(models.prove(strange)).rejects.toMatchObject({ code: 'features' });
    const short = { ...file, parameters: file.parameters.slice(1) };
    await expect(models.prove(short)).rejects.toMatchObject({ code: 'shape' });
  });

  it('serves only what was tried', async () => {
    const models = new BurstModels('typescript');
    models.serve([await shipped()]);
    expect(models.current).toBeUndefined();
  });

  it('goes on with a link when another model comes, and when it goes', async () => {
    const file = await shipped();
    const models = await modelsOf(file);
    const forecaster = models.newLinkForecaster({ link: 'a', horizonS: 10 });
    const samples = burstySamples({ seconds: 90 });
    const part = (from: number, to: number) => samples.slice(10 * from, 10 * to);
    for (const sample of part(0, 60)) forecaster.learn(sample);
    const newer = { ...file, id: 'burst@next', fingerprint: 'e'.repeat(64) };
    await models.prove(newer);
    models.serve([newer]);
    for (const sample of part(60, 75)) forecaster.learn(sample);
    expect(models.current?.id).toBe('burst@next');
    expect(forecaster.forecast().confidence).toBeGreaterThanOrEqual(0);
    models.serve([]);
    for (const sample of part(75, 90)) forecaster.learn(sample);
    const { confidence, link } = forecaster.forecast();
    expect(link).toBe('a');
    expect(confidence).toBeLessThanOrEqual(1);
  });
});
