import { loadModelFile, type ModelFile } from '@levitate/models';
import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { BurstModels } from './burst-models.ts';
import { burstySamples } from './testing/bursty-samples.ts';

const shipped = (name: string) =>
  loadModelFile(new URL(`../../../models/${name}`, import.meta.url).pathname);

async function serving(...names: string[]): Promise<BurstModels> {
  const models = new BurstModels('wasm');
  const files: ModelFile[] = [];
  for (const name of names) {
    const file = await shipped(name);
    await models.prove(file);
    files.push(file);
  }
  models.serve(files);
  return models;
}

function forecasterNames(models: BurstModels): string[] {
  const forecaster = models.newLinkForecaster({ link: 'a', horizonS: 10 });
  return forecaster.scores().map((each) => each.forecaster);
}

function sampleOf(second: number, over: Partial<Sample>): Sample {
  const timeUnixMs = 1_700_000_000_000 + 1000 * second;
  const rate = 50 + ((second * 37) % 7);
  return {
    link: 'a',
    origin: 'simulated',
    timeUnixMs,
    intervalMs: 1000,
    throughputBytesPerSecond: 1e4 * rate,
    connectionsPerSecond: rate,
    ...over,
  };
}

it('the model of request bursts takes part beside the one of traffic', async () => {
  expect(forecasterNames(await serving())).toEqual(['periodic', 'precursor']);
  expect(forecasterNames(await serving('burst'))).toEqual(['periodic', 'learned']);
  expect(forecasterNames(await serving('burst', 'onsets'))).toEqual([
    'periodic',
    'onsets',
    'learned',
  ]);
});

it('it speaks on links that count requests by the second, and on no other', async () => {
  const models = await serving('onsets');
  const speakers = [{}, { connectionsPerSecond: undefined }].map((over) => {
    const forecaster = models.newLinkForecaster({ link: 'a', horizonS: 10 });
    for (let second = 0; second < 120; second++) forecaster.learn(sampleOf(second, over));
    const { confidence } = forecaster.forecast();
    return { speaks: forecaster.serving === 'onsets', isSomething: confidence > 0 };
  });
  expect(speakers[0]).toEqual({ speaks: true, isSomething: true });
  expect(speakers[1]?.speaks).toBe(false);
});

it('a model takes part under a name of its kind, as long as it serves', async () => {
  const [burst, onsets] = await Promise.all([shipped('burst'), shipped('onsets')]);
  const models = new BurstModels('typescript');
  expect(models.forecasterOf(burst)).toBeUndefined();
  for (const file of [burst, onsets]) await models.prove(file);
  models.serve([burst, onsets]);
  expect([burst, onsets].map((file) => models.forecasterOf(file))).toEqual(['learned', 'onsets']);
  models.serve([onsets]);
  expect([burst, onsets].map((file) => models.forecasterOf(file))).toEqual([undefined, 'onsets']);
});

it('a model that went is no longer asked', async () => {
  const models = await serving('burst', 'onsets');
  models.serve([]);
  expect(forecasterNames(models)).toEqual(['periodic', 'precursor']);
  expect(models.current).toBeUndefined();
});

/** As if every class had gone to `winner` on validation. */
function wonBy(file: ModelFile, winner: string): ModelFile {
  const classes = Object.entries(file.manifest.classes).map(([name, one]) => [
    name,
    { ...one, winner },
  ]);
  return { ...file, manifest: { ...file.manifest, classes: Object.fromEntries(classes) } };
}

it('a model that won no class stays out', async () => {
  const models = new BurstModels('typescript');
  const file = wonBy(await shipped('burst'), 'periodic');
  await models.prove(file);
  models.serve([file]);
  expect(forecasterNames(models)).not.toContain('learned');
  expect(models.forecasterOf(file)).toBeUndefined();
});

it('a model of other features is refused, and one whose parameters are short', async () => {
  const file = await shipped('burst');
  const inputs = { ...file.manifest.inputs, features: [{ name: 'other', unit: '1' }] };
  const strange = { ...file, manifest: { ...file.manifest, inputs } };
  const models = new BurstModels('typescript');
  await expect(models.prove(strange)).rejects.toMatchObject({ code: 'features' });
  const short = { ...file, parameters: file.parameters.slice(1) };
  await expect(models.prove(short)).rejects.toMatchObject({ code: 'shape' });
});

it('only what was tried serves', async () => {
  const models = new BurstModels('typescript');
  models.serve([await shipped('burst')]);
  expect(models.current).toBeUndefined();
});

it('a link goes on when another model comes, and when it goes', async () => {
  const file = wonBy(await shipped('burst'), 'learned');
  const models = new BurstModels('typescript');
  await models.prove(file);
  models.serve([file]);
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
  expect(forecaster.forecast()).toMatchObject({ link: 'a' });
});
