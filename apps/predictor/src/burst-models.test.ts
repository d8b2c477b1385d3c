import { loadModelFile, type ModelFile } from '@levitate/models';
import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { BurstModels } from './burst-models.ts';

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

it('a model that went is no longer asked', async () => {
  const models = await serving('burst', 'onsets');
  models.serve([]);
  expect(forecasterNames(models)).toEqual(['periodic', 'precursor']);
  expect(models.current).toBeUndefined();
});
