import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKernel } from '@levitate/neural';
import { expect, it, onTestFinished } from 'vitest';
import { loadModelFile } from '../model-file.ts';
import { tinyDraft, tinyParameters } from '../testing/tiny-model.ts';
import { writeModelFile } from '../write-model-file.ts';
import { openImportedBandwidth } from './open-imported-bandwidth.ts';

it('an imported network is given raw features by scale and answers in bytes/s', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'levitate-imported-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const open = async (names: string[], parameters: Record<string, number | number[]>) => {
    const draft = tinyDraft();
    const features = names.map((name) => ({ name, unit: '1' }));
    const inputs = { ...draft.inputs, features, normalisation: { kind: 'divided', parameters } };
    await writeModelFile({ folder, draft: { ...draft, inputs }, parameters: tinyParameters() });
    return openImportedBandwidth(await loadModelFile(folder), await openKernel('typescript'));
  };
  const model = await open(['bandwidth', 'latency'], { scales: [100, 50], unit: 1000 });
  const window = {
    ...{ stepMs: 1000, endUnixMs: 1e12 },
    bandwidth: Float64Array.of(125_000, Number.NaN, 2_500_000, Number.NaN),
    roundTrip: Float64Array.of(0.1, 0.1, 0.1, 0.2),
    loss: new Float64Array(4).fill(Number.NaN),
  };
  // 20 Mbit/s / 100 and 200 ms / 50 through the identity, times 1,000.
  const [forecast] = model.forecast([window]);
  expect(forecast?.mean.map(Math.round)).toEqual([200, 4000]);
  await expect(open(['bandwidth', 'rain'], { scales: [1, 1], unit: 1 })).rejects.toThrow(/"rain"/);
  await expect(open(['bandwidth', 'latency'], { scales: [1], unit: 1 })).rejects.toThrow(/scale/);
});
