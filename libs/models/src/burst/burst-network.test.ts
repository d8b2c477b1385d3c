import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinkForecaster } from '@levitate/forecast';
import { Network, openKernel } from '@levitate/neural';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadModelFile } from '../model-file.ts';
import { type ManifestDraft, writeModelFile } from '../write-model-file.ts';
import { openBurstModel } from './burst-network.ts';
import { burstLstmSpec } from './burst-task.ts';
import { generatedLink } from './generated-link.ts';
import { burstFeatures } from './second-features.ts';
import { servedForecasters } from './served-forecasters.ts';

const kernel = await openKernel('typescript');
const spec = burstLstmSpec({ units: 4, layers: 1 });

async function fileWith(change: Partial<ManifestDraft> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-burst-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { parameters } = new Network(spec, { kernel, seed: 5 });
  const validation = { learned: { brier_skill: 1 } };
  const draft: ManifestDraft = {
    name: 'burst',
    version: '1',
    capability: 'burst',
    family: 'lstm',
    description: 'A network of no skill.',
    origin: { kind: 'trained', command: 'none' },
    spec: structuredClone(spec) as ManifestDraft['spec'],
    inputs: {
      steps: 60,
      stepMs: 1000,
      features: burstFeatures.map(({ name, unit }) => ({ name, unit })),
      normalisation: { kind: 'own-level', parameters: {} },
    },
    outputs: { steps: 1, stepMs: 1000, values: [{ name: 'hazard', unit: 'logit', width: 14 }] },
    data: [],
    split: 'none',
    classes: { precursor: { winner: 'learned', chosenBy: 'brier_skill', validation } },
    calibration: {
      probability: { kind: 'platt', slope: 1, intercept: 0 },
      other: { announce_from: 0.7 },
    },
    ...change,
  };
  await writeModelFile({ folder, draft, parameters });
  return await loadModelFile(folder);
}

describe('openBurstModel', () => {
  it('answers as the network that was written, and takes the place of what it beat', async () => {
    const model = openBurstModel(await fileWith(), kernel);
    const written = new Network(spec, { kernel, seed: 5 });
    const input = new Float32Array(burstFeatures.length).fill(0.3);
    const answer = model.network.step(input, model.network.openState(1));
    expect(answer).toEqual(written.step(input, written.openState(1)));
    const names = servedForecasters(model)().map(({ name }) => name);
    expect(names).toEqual(['periodic', 'learned']);
    expect(servedForecasters(undefined)().map(({ name }) => name)).toEqual([
      'periodic',
      'precursor',
    ]);
  });

  it('refuses a model that was trained on other features', async () => {
    const file = await fileWith();
    const [first, ...rest] = file.manifest.inputs.features;
    const features = [{ name: `${first?.name}x`, unit: 'other' }, ...rest];
    const inputs = { ...file.manifest.inputs, features };
    const other = { ...file, manifest: { ...file.manifest, inputs } };
    expect(() => openBurstModel(other, kernel)).toThrow(/other features/);
  });

  it('refuses a model whose calibration is missing', async () => {
    const file = await fileWith({ calibration: {} });
    expect(() => openBurstModel(file, kernel)).toThrow(/Platt/);
  });

  it('gives sound forecasts on a link, from the first second on', async () => {
    const model = openBurstModel(await fileWith(), kernel);
    const newForecasters = servedForecasters(model);
    const forecaster = new LinkForecaster({ link: 'a', newForecasters });
    const link = generatedLink({
      kind: 'precursor',
      seed: 'test',
      durationMs: 20_000,
      basePps: [1000, 1000],
    });
    let index = 0;
    for (const sample of link.samples) {
      forecaster.learn(sample);
      const { confidence, timeToBurstS, burstPredicted } = forecaster.forecast();
      if (index++ < 80) expect(burstPredicted).toBe(false);
      expect(confidence >= 0 && confidence <= 1 && Number.isFinite(timeToBurstS)).toBe(true);
    }
  });
});
