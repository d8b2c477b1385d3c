import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { Adam, Network, openKernel } from '@levitate/neural';
import { beforeAll, describe, expect, it } from 'vitest';
import { wanderingTrace } from '../testing/wandering-trace.ts';
import { BANDWIDTH_FEATURES, bandwidthFeatureNames } from './bandwidth-features.ts';
import { BANDWIDTH_OUTPUTS } from './bandwidth-outputs.ts';
import { openTask } from './bandwidth-task.ts';

let dataDirectory: string;
beforeAll(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'levitate-bandwidth-task-'));
  const folder = join(dataDirectory, 'traces', 'bandwidth-lumos5g-4g-1s');
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < 10; file++) {
    const { series } = wanderingTrace({ seed: `task ${file}`, seconds: 160 });
    const rows = [...series.bandwidthBytesPerSecond].map((value, at) => `${at},${value / 125_000}`);
    writeFileSync(join(folder, `${file}.csv`), ['t_s,mbps', ...rows].join('\n'));
  }
  return () => rmSync(dataDirectory, { recursive: true, force: true });
});

const open = () => openTask({ dataDirectory, splitSeed: 1 });

describe('the training of the bandwidth network', () => {
  it('cuts sequences from the training traces, several of each', async () => {
    const task = await open();
    expect(task.trainingCount).toBe(6 * 2);
    const { input } = task.fill([0, 5, 11], new SeededRandom(1));
    expect(input.length).toBe(3 * 100 * BANDWIDTH_FEATURES);
    expect(input.every(Number.isFinite)).toBe(true);
  });

  it('fills the same batch from the same chance, and another place from another', async () => {
    const task = await open();
    const of = (seed: number) => task.fill([0, 1], new SeededRandom(seed)).input;
    expect(of(1)).toEqual(of(1));
    expect(of(2)).not.toEqual(of(1));
  });

  it('warps what it shows and what it asks for alike, where a member learns so', async () => {
    const variant = { dropout: 0.3, warp: { decades: 0.5, octaves: 0 } };
    const plain = await open();
    const warped = await openTask({ dataDirectory, splitSeed: 1, variant });
    expect(warped.spec.layers[1]).toEqual({ kind: 'dropout', rate: 0.3 });
    const batchOf = (task: typeof plain) => {
      const { input, loss } = task.fill([4], new SeededRandom(5));
      const gradient = new Float32Array(100 * BANDWIDTH_OUTPUTS);
      return { input, loss: loss(new Float32Array(100 * BANDWIDTH_OUTPUTS), gradient, 1) };
    };
    const [one, other] = [batchOf(plain), batchOf(warped)];
    // On another level a path looks the same but for the input that names its level.
    const names = new Set<string | undefined>();
    for (const [at, value] of one.input.entries()) {
      const isSame = Math.abs(value - (other.input[at] as number)) < 1e-3;
      if (!isSame) names.add(bandwidthFeatureNames[at % BANDWIDTH_FEATURES]);
    }
    expect([...names]).toEqual(['level']);
    expect(other.loss).toBeCloseTo(one.loss, 3);
  });

  it('asks nothing of the first 29 seconds', async () => {
    const task = await open();
    const { loss } = task.fill([0], new SeededRandom(3));
    const gradient = new Float32Array(100 * BANDWIDTH_OUTPUTS);
    loss(new Float32Array(100 * BANDWIDTH_OUTPUTS), gradient, 1);
    const asked = (step: number) =>
      gradient
        .subarray(step * BANDWIDTH_OUTPUTS, (step + 1) * BANDWIDTH_OUTPUTS)
        .some((value) => value !== 0);
    expect([asked(28), asked(99)]).toEqual([false, true]);
  });

  it('makes a network better on traces it does not learn from', async () => {
    const task = await open();
    const layers = task.spec.layers.map((layer) =>
      layer.kind === 'lstm' ? { ...layer, units: 8 } : layer,
    );
    const kernel = await openKernel('auto');
    const network = new Network({ ...task.spec, layers }, { kernel, seed: 1 });
    const adam = new Adam({ learningRate: 0.01, clipNorm: 1 });
    const before = task.validate(network);
    const random = new SeededRandom(4);
    for (let step = 0; step < 25; step++) {
      const indices = [0, 2, 4, 6, 8, 10];
      const { input, loss } = task.fill(indices, random);
      const batch = { input, count: indices.length, loss, random };
      adam.update(network, network.gradients(batch).gradients);
    }
    expect(task.validate(network)).toBeLessThan(before);
  });
});
