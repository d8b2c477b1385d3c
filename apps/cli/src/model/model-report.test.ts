import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ManifestDraft, writeModelFile } from '@levitate/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importModel } from './import-model.ts';
import { manifestLines, modelLines, modelReports } from './model-report.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-model-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const draft: ManifestDraft = {
  ...{ name: 'tiny', version: '1', capability: 'bandwidth', family: 'dense' },
  description: 'small',
  origin: { kind: 'trained', command: 'levitate train bandwidth --seed 1' },
  spec: { steps: 1, features: 1, layers: [{ kind: 'dense', units: 1, activation: 'linear' }] },
  inputs: {
    ...{ steps: 1, stepMs: 1000, features: [{ name: 'bandwidth', unit: 'bytes/s' }] },
    normalisation: { kind: 'none', parameters: {} },
  },
  outputs: { steps: 1, stepMs: 1000, values: [{ name: 'bandwidth', unit: 'bytes/s', width: 1 }] },
  ...{ data: [], split: 'by trace' },
  classes: {
    '4g': {
      ...{ winner: 'tiny', chosenBy: 'wape' },
      validation: { tiny: { wape: 0.1 }, persistence: { wape: 0.2 } },
    },
    '5g': { ...{ winner: 'persistence', chosenBy: 'wape' }, validation: {} },
  },
  calibration: {
    claim: { level: 0.95, episodes: 9, hits: 9, lowerBound: 0.66, verdict: 'not established' },
  },
};

const write = (name: string) =>
  writeModelFile({
    folder: join(folder, name),
    draft: { ...draft, name },
    parameters: [
      { name: 'kernel', shape: [1, 1], values: Float32Array.of(1) },
      { name: 'bias', shape: [1], values: Float32Array.of(0) },
    ],
  });

describe('levitate model', () => {
  it('lists what is sound and says of the rest what is wrong and what to do', async () => {
    await write('good');
    await write('bad');
    await truncate(join(folder, 'bad', 'weights.f32'), 3);
    const reports = await modelReports(folder, []);
    expect(reports.map(({ name, state }) => [name, state])).toEqual([
      ['bad', 'refused'],
      ['good', 'sound'],
    ]);
    const text = modelLines(reports);
    expect(text).toMatch(/good +1 +bandwidth +dense +2 +0 of 2|good +1 +bandwidth/);
    expect(text).toMatch(/bad: .*truncated: 3 bytes, the manifest says 8; .*levitate train/);
    const [missing] = await modelReports(folder, ['none']);
    expect(missing?.why).toMatch(/ENOENT/);
  });

  it('shows the baselines beside the model, and a claim that is not established as such', () => {
    const manifest = { ...draft, format: 1, parameters: [], weights: {} } as never;
    const text = manifestLines(manifest);
    expect(text).toMatch(/claim +confidence 0.95: not established \(9 of 9/);
    expect(text).toMatch(/4g +tiny +wape +0.1 +- +serves\n4g +persistence +wape +0.2/);
  });

  it('finds the shipped models sound, each with all of its networks', async () => {
    const shipped = new URL('../../../../models', import.meta.url).pathname;
    const reports = await modelReports(shipped, []);
    expect(reports.length).toBeGreaterThanOrEqual(5);
    expect(reports.filter(({ why }) => why !== '')).toEqual([]);
    const bandwidth = reports.find(({ name }) => name === 'bandwidth');
    const members = bandwidth?.manifest?.parameters.filter(({ name }) => /kernel$/.test(name));
    expect(new Set(members?.map(({ name }) => name.split('/')[0])).size).toBe(2);
    // Its manifest says in words what it was chosen by.
    const shown = bandwidth?.manifest && manifestLines(bandwidth.manifest);
    expect(shown).toMatch(/^4g +LSTM +accuracy .* 0\.\d+ +0\.\d+ +serves$/m);
  });

  it('imports nothing from what is no Keras file, nor with odd options', async () => {
    const options = { folder, features: 'bandwidth', unit: '1' };
    const file = join(folder, 'x.h5');
    await expect(importModel(file, options)).rejects.toThrow(/x\.h5/);
    await expect(importModel(file, { ...options, scales: '1,2' })).rejects.toThrow(
      /scale for each of 1/,
    );
    await expect(importModel(file, { ...options, unit: '0' })).rejects.toThrow(/unit are numbers/);
  });
});
