import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type LayerSpec,
  Network,
  type NetworkSpec,
  openKernel,
  type Parameter,
} from '@levitate/neural';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModelFile } from '../model-file.ts';
import { tinyDraft } from '../testing/tiny-model.ts';
import { importKerasFile } from './import-keras-file.ts';
import { type KerasModel, readKerasFile } from './read-keras-file.ts';
import { functional, sequential, type WrittenLayer, writeKerasFile } from './testing/keras-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lev-keras-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'bandwidth_lstm.h5');

const spec: NetworkSpec = {
  steps: 6,
  features: 2,
  layers: [
    { kind: 'lstm', units: 4, returnSequences: true },
    { kind: 'dropout', rate: 0.2 },
    { kind: 'lstm', units: 3, returnSequences: false },
    { kind: 'dense', units: 5, activation: 'relu' },
    { kind: 'dense', units: 2, activation: 'linear' },
  ],
};
const shape = [null, 6, 2];
let network: Network;

/** The layers of `spec` as Keras stores them, with the weights of `network`. */
function written(change: (layer: WrittenLayer) => WrittenLayer = (layer) => layer): WrittenLayer[] {
  const rest = [...network.parameters];
  const take = (...names: string[]) =>
    names.map((name) => [name, rest.shift() as Parameter] as const);
  const lstm = (name: string, units: number, sequences: boolean) => ({
    ...{ className: 'LSTM', name, arrays: take('kernel', 'recurrent_kernel', 'bias') },
    config: { units, return_sequences: sequences, activation: 'tanh', dropout: 0.1, ...options },
  });
  const options = { recurrent_activation: 'sigmoid', use_bias: true, go_backwards: false };
  const dense = (name: string, units: number, activation: string) => ({
    ...{ className: 'Dense', name, arrays: take('kernel', 'bias') },
    config: { units, activation, use_bias: true },
  });
  return [
    lstm('lstm', 4, true),
    { className: 'Dropout', name: 'dropout', config: { rate: 0.2 } },
    lstm('lstm_1', 3, false),
    dense('dense', 5, 'relu'),
    dense('dense_1', 2, 'linear'),
  ].map(change);
}

/** Changes one layer of `written`. */
function but(name: string, change: Partial<WrittenLayer>): WrittenLayer[] {
  return written((layer) =>
    layer.name !== name
      ? layer
      : { ...layer, ...change, config: { ...layer.config, ...change.config } },
  );
}

async function read(layers: readonly WrittenLayer[], options: { spec?: NetworkSpec } = {}) {
  await writeKerasFile({ path, layers, architecture: sequential(layers, shape) });
  return readKerasFile(path, options);
}

beforeAll(async () => {
  network = new Network(spec, { kernel: await openKernel('typescript'), seed: 'keras' });
});

describe('readKerasFile', () => {
  it('reads a Sequential model: network, weights, and where they came from', async () => {
    const model = await read(written());
    expect(model.spec).toEqual(spec);
    expect(model.parameters).toEqual(
      network.parameters.map(({ name, shape, values }) => ({ name, shape, values })),
    );
    expect(model.origin).toEqual({
      kind: 'imported',
      file: 'bandwidth_lstm.h5',
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      from: 'Keras 2.15.0, Sequential bandwidth_lstm',
    });
  });

  it('reads a functional model of Keras 3 where it is a chain', async () => {
    const layers = written();
    const architecture = functional(layers, shape);
    await writeKerasFile({ path, layers, architecture, version: '3.4.1' });
    const model = await readKerasFile(path);
    expect(model.spec).toEqual(spec);
    expect(model.origin.from).toBe('Keras 3.4.1, Functional functional_1');
  });

  it('refuses a functional model that branches, naming the layer', async () => {
    const layers = written();
    const architecture = functional(layers, shape) as {
      config: { layers: { inbound_nodes: unknown }[] };
    };
    const last = architecture.config.layers.at(-1) as { inbound_nodes: unknown };
    last.inbound_nodes = [
      [
        ['dense', 0, 0, {}],
        ['lstm_1', 0, 0, {}],
      ],
    ];
    await writeKerasFile({ path, layers, architecture });
    await expect(readKerasFile(path)).rejects.toThrow(/layer dense_1 takes dense and lstm_1/);
  });

  it('reads weights alone where the network is given, and asks for it where not', async () => {
    await writeKerasFile({ path, layers: written() });
    const model = await readKerasFile(path, { spec });
    expect(model.parameters[4]?.values).toEqual(network.parameters[4]?.values);
    expect(model.origin.from).toBe('Keras 2.15.0, weights alone');
    await expect(readKerasFile(path)).rejects.toMatchObject({
      code: 'shape',
      message: expect.stringContaining('holds weights alone'),
    });
  });

  it('takes a missing bias as zeros, a dense layer on every step as our dense layer', async () => {
    const kernel = { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const layer = { class_name: 'Dense', config: { units: 3, use_bias: false } };
    const config = { layer, use_bias: false };
    const arrays = [['kernel', kernel]] as const;
    const one = { className: 'TimeDistributed', name: 'each', config, arrays };
    const mean = { className: 'GlobalAveragePooling1D', name: 'mean' };
    const model = await read([one, mean]);
    expect(model.spec.layers).toEqual([
      { kind: 'dense', units: 3, activation: 'linear' },
      { kind: 'meanOfSteps' },
    ]);
    expect(model.parameters.map(({ values }) => [...values])).toEqual([
      [1, 2, 3, 4, 5, 6],
      [0, 0, 0],
    ]);
  });
});

describe('files that Keras 3.15.1 wrote', () => {
  const testdata = new URL('./testdata/', import.meta.url);
  const file = (name: string) => fileURLToPath(new URL(name, testdata));
  const { window, answer } = JSON.parse(readFileSync(new URL('answers.json', testdata), 'utf8'));

  const expectAnswers = ({ spec, parameters }: KerasModel) => {
    const imported = new Network(spec, { kernel: network.kernel, seed: 0 });
    for (const [index, { values }] of parameters.entries()) {
      imported.parameters[index]?.values.set(values);
    }
    const own = imported.predict(Float32Array.from(window), 2);
    expect(own).toHaveLength(answer.length);
    for (const [index, value] of own.entries()) expect(value).toBeCloseTo(answer[index], 6);
  };

  it('a whole model gives here the answers it gave there', async () => {
    const model = await readKerasFile(file('bandwidth-lstm.h5'));
    expect(model.spec).toEqual(spec);
    expect(model.origin.from).toBe('Keras 3.15.1, Sequential bandwidth_lstm');
    expectAnswers(model);
  });

  it('weights alone do too, with the network given', async () => {
    expectAnswers(await readKerasFile(file('bandwidth-lstm.weights.h5'), { spec }));
  });

  it('weights alone of another network are refused, the array that is missing named', async () => {
    const wider = { ...spec, layers: [spec.layers[0], ...spec.layers] as LayerSpec[] };
    const read = readKerasFile(file('bandwidth-lstm.weights.h5'), { spec: wider });
    await expect(read).rejects.toThrow('layers/lstm_2/cell/vars/0 is no array of weights');
  });
});

describe('what cannot be imported is refused with the layer and the reason', () => {
  const norm = { className: 'LayerNormalization', name: 'norm', config: { axis: [2] } };
  const cases: Record<string, [() => WrittenLayer[], RegExp]> = {
    'a layer we do not have': [
      () => but('lstm', { className: 'GRU' }),
      /layer lstm: class GRU cannot be imported/,
    ],
    'an LSTM with the hard sigmoid': [
      () => but('lstm_1', { config: { recurrent_activation: 'hard_sigmoid' } }),
      /layer lstm_1: recurrent_activation "hard_sigmoid"/,
    ],
    'an LSTM that runs backwards': [
      () => but('lstm', { config: { go_backwards: true } }),
      /layer lstm: go_backwards true/,
    ],
    'an activation we do not have': [
      () => but('dense', { config: { activation: 'gelu' } }),
      /layer dense: activation "gelu"/,
    ],
    'a layer norm of another epsilon': [
      () => [{ ...norm, config: { ...norm.config, epsilon: 1e-6 } }],
      /layer norm: epsilon 0.000001/,
    ],
    'a layer without its arrays': [
      () => but('dense', { arrays: [] }),
      /layer dense has 0 of its 2 arrays/,
    ],
    'arrays of another size': [
      () => but('dense', { config: { units: 6 } }),
      /the array for 3.dense.kernel is \[3, 5\], its network takes \[3, 6\]/,
    ],
    'a weight that is no number': [
      () => {
        const kernel = { shape: [3, 5], values: new Float32Array(15).fill(Number.NaN) };
        const bias = { shape: [5], values: new Float32Array(5) };
        return but('dense', {
          arrays: [
            ['kernel', kernel],
            ['bias', bias],
          ],
        });
      },
      /3.dense.kernel holds what is no number/,
    ],
  };
  it.each(Object.entries(cases))('%s', async (_, [layers, message]) => {
    await expect(read(layers())).rejects.toThrow(message);
  });

  it('an input of any number of steps', async () => {
    const layers = written();
    const architecture = sequential(layers, [null, null, 2]);
    await writeKerasFile({ path, layers, architecture });
    await expect(readKerasFile(path)).rejects.toThrow('its input shape is [null,null,2]');
  });

  it('a file that is not there, is no HDF5, or ends too early', async () => {
    await expect(readKerasFile(join(folder, 'none.h5'))).rejects.toMatchObject({ code: 'missing' });
    await read(written());
    const whole = readFileSync(path);
    for (const part of [whole.subarray(0, 900), Buffer.concat([Buffer.alloc(1), whole])]) {
      writeFileSync(path, part);
      await expect(readKerasFile(path)).rejects.toMatchObject({ code: 'malformed' });
    }
  });
});

describe('importKerasFile', () => {
  const draft = () => {
    const { origin: _, spec: __, ...rest } = tinyDraft();
    return { ...rest, inputs: { ...rest.inputs, steps: 6 } };
  };

  it('writes a model folder that loads, its origin in the manifest', async () => {
    await read(written());
    const target = join(folder, 'imported');
    await importKerasFile({ file: path, folder: target, draft: draft() });
    const { manifest, parameters } = await loadModelFile(target);
    expect(manifest.origin).toMatchObject({ kind: 'imported', file: 'bandwidth_lstm.h5' });
    expect(manifest.spec).toEqual(spec);
    expect(parameters[0]?.values).toEqual(network.parameters[0]?.values);
  });

  it('refuses features that are not those of the network, and writes nothing', async () => {
    await read(written());
    const target = join(folder, 'refused');
    const wrong = { ...draft(), inputs: tinyDraft().inputs };
    await expect(importKerasFile({ file: path, folder: target, draft: wrong })).rejects.toThrow(
      'takes 6 steps of 2 features, not 3 steps of 2 features',
    );
    await expect(loadModelFile(target)).rejects.toMatchObject({ code: 'missing' });
  });
});
