import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import { contracts } from '@levitate/contracts';
import { MemoryFeatureWindows, pathSeries } from '@levitate/feature-windows';
import { connect } from '@levitate/grpc-kit';
import { loadModelFile } from '@levitate/models';
import { systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { predictorConfig } from '../config.ts';
import { startPredictor } from '../start-predictor.ts';
import { writeTinyModel } from '../testing/tiny-model.ts';
import { openNamedModel } from './named-model.ts';

/** Written by Keras: six steps of two features, two steps ahead. */
const KERAS_FILE = new URL(
  '../../../../libs/models/src/keras/testdata/bandwidth-lstm.h5',
  import.meta.url,
).pathname;
const FITTING = { model_path: KERAS_FILE, model_features: ['bandwidth', 'latency'] };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-named-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const silent = { info() {}, warn() {}, error() {} } as never;
const open = (bandwidth: object) =>
  openNamedModel(predictorConfig.parse({ bandwidth }).bandwidth, silent);

describe('the model that the configuration names', () => {
  it('is none by default', async () => {
    expect(await open({})).toBeUndefined();
  });

  it('is imported from a Keras file, with its origin, for as long as it is used', async () => {
    const named = await open({ ...FITTING, model_scales: [100, 50], model_unit: 1000 });
    const { manifest } = await loadModelFile(named?.folder ?? '');
    expect(manifest.name).toBe('bandwidth-lstm');
    expect(manifest.origin).toMatchObject({ kind: 'imported', file: 'bandwidth-lstm.h5' });
    expect(manifest.inputs.normalisation.parameters).toEqual({ scales: [100, 50], unit: 1000 });
    await named?.[Symbol.asyncDispose]();
    await expect(access(named?.folder ?? '')).rejects.toThrow(/ENOENT/);
  });

  it('may be a model folder, which stays where it is', async () => {
    const path = await writeTinyModel(folder, {});
    const named = await open({ model_path: path });
    expect(named?.folder).toBe(path);
    await named?.[Symbol.asyncDispose]();
    await access(path);
  });

  it('is refused with what is wrong and what to do', async () => {
    await expect(open({ model_path: KERAS_FILE })).rejects.toMatchObject({
      message: expect.stringMatching(/takes 6 steps of 2 features, not 6 steps of 5/),
      nextStep: expect.stringMatching(/name the features/),
    });
    await expect(open({ ...FITTING, model_scales: [1] })).rejects.toMatchObject({
      nextStep: expect.stringContaining('bandwidth.model_scales'),
    });
    const torn = join(folder, 'torn.h5');
    await writeFile(torn, 'no HDF5');
    await expect(open({ model_path: torn })).rejects.toThrow(/torn\.h5/);
    await expect(open({ model_path: join(folder, 'none.h5') })).rejects.toThrow(/none\.h5/);
    await expect(open({ model_path: join(folder, 'none') })).rejects.toThrow(/none/);
  });
});

describe('a predictor', () => {
  const start = (bandwidth: object) =>
    startPredictor({
      config: predictorConfig.parse({
        ...{ listen: '127.0.0.1:0', capabilities: ['bandwidth'], bandwidth },
        models: { folder, backend: 'typescript' },
      }),
      ...{ clock: systemClock, logger: silent, registry: new Registry() },
      paths: new MemoryFeatureWindows({ kind: pathSeries, clock: new VirtualClock() }),
    });

  it('has it beside the others from its start', async () => {
    const service = await start(FITTING);
    const models = connect(contracts.models, { address: service.grpcServer.address });
    try {
      const { models: listed } = await models.listModels({});
      expect(listed).toHaveLength(1);
      expect(listed[0]).toMatchObject({ name: 'bandwidth-lstm', state: 'MODEL_STATE_SERVING' });
      const { manifest } = await models.getModel({ name: 'bandwidth-lstm' });
      expect(JSON.parse(manifest).origin.kind).toBe('imported');
    } finally {
      models.close();
      await service.drain(100);
    }
  });

  it('does not start with one that cannot be tried', async () => {
    const path = await writeTinyModel(join(folder, 'apart'), { feature: 'rain' });
    await expect(start({ model_path: path })).rejects.toThrow(/rain/);
  });
});
