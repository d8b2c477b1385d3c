import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKernel, openTfjs } from '@levitate/neural';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAnsweringNetwork, buildNetwork, checkFeatures } from './build-network.ts';
import { loadModelFile, type ModelFile } from './model-file.ts';
import { tinyDraft, tinyParameters } from './testing/tiny-model.ts';
import { writeModelFile } from './write-model-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-network-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fileOf(over: Parameters<typeof tinyDraft>[0] = {}): Promise<ModelFile> {
  await writeModelFile({ folder, draft: tinyDraft(over), parameters: tinyParameters(2) });
  return await loadModelFile(folder);
}

describe('the network of a model file', () => {
  it('computes with the weights of the file', async () => {
    const network = buildNetwork(await fileOf(), await openKernel('typescript'));
    const output = network.predict(Float32Array.of(1, 2, 3, 4, 5, 6), 1);
    expect([...output]).toEqual([10, 12]);
  });

  it('computes the same on tfjs, and says that it was', async () => {
    const network = buildAnsweringNetwork(await fileOf(), await openTfjs('tfjs-cpu'));
    expect([...network.predict(Float32Array.of(1, 2, 3, 4, 5, 6), 1)]).toEqual([10, 12]);
    expect(network.backend).toBe('tfjs-cpu');
  });

  it('is refused on tfjs too where the weights are of another network', async () => {
    const layers = [{ kind: 'lastStep' as const }];
    const bare = await fileOf({ spec: { steps: 3, features: 2, layers } });
    const engine = await openTfjs('tfjs-cpu');
    expect(() => buildAnsweringNetwork(bare, engine)).toThrow(/has 0 weights, got 2/);
  });

  it('is refused where the weights are of another network', async () => {
    const kernel = await openKernel('typescript');
    const layers = [
      { kind: 'lastStep' as const },
      { kind: 'dense' as const, units: 3, activation: 'linear' as const },
    ];
    const wide = await fileOf({ spec: { steps: 3, features: 2, layers } });
    expect(() => buildNetwork(wide, kernel)).toThrow(/dense\/kernel .* 2 x 3, its file 2 x 2/);
    const bare = await fileOf({ spec: { steps: 3, features: 2, layers: layers.slice(0, 1) } });
    expect(() => buildNetwork(bare, kernel)).toThrow(/0 parameters, its file 2/);
    const liquid = await fileOf({ spec: { kind: 'liquid', members: 1, features: 2 } });
    expect(() => buildNetwork(liquid, kernel)).toThrow(/no network of layers/);
  });

  it('is refused where it was trained on features nobody can give', async () => {
    const file = await fileOf();
    expect(() => checkFeatures(file, ['bandwidth', 'roundTrip', 'loss'])).not.toThrow();
    expect(() => checkFeatures(file, ['bandwidth'])).toThrow(/trained on "roundTrip"/);
  });
});
