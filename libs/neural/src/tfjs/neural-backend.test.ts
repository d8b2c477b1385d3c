import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { typescriptKernel } from '../kernel/typescript-kernel.ts';
import { Network } from '../network.ts';
import type { NetworkSpec } from '../network-spec.ts';
import { answeringNetwork, openNeuralEngine, parseNeuralBackend } from './neural-backend.ts';

const spec: NetworkSpec = {
  steps: 6,
  features: 3,
  layers: [
    { kind: 'lstm', units: 5, returnSequences: false },
    { kind: 'dense', units: 2, activation: 'linear' },
  ],
};
const { parameters } = new Network(spec, { kernel: typescriptKernel(), seed: 'weights' });
const random = new SeededRandom('input');
const input = Float32Array.from({ length: 2 * 6 * 3 }, () => random.normal());

it('is our fastest kernel when nothing is said', () => {
  expect(parseNeuralBackend(undefined)).toBe('auto');
  expect(parseNeuralBackend('')).toBe('auto');
});

it('takes the words it knows, and names them to who says another', () => {
  expect(parseNeuralBackend('tfjs')).toBe('tfjs');
  expect(() => parseNeuralBackend('tensorflow')).toThrow(
    'NEURAL_BACKEND is "tensorflow"; it can be auto, typescript, wasm, openblas, tfjs',
  );
});

it('answers alike on tfjs and on a kernel of ours, and says which it was', async () => {
  const ours = answeringNetwork(await openNeuralEngine('typescript'), spec, parameters);
  const theirs = answeringNetwork(await openNeuralEngine('tfjs'), spec, parameters);
  expect(ours.backend).toBe('typescript');
  expect(theirs.backend).toMatch(/^tfjs-(node|wasm)$/);
  expect(theirs.outputs).toBe(ours.outputs);
  const expected = ours.predict(input, 2);
  theirs.predict(input, 2).forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index] as number, 5);
  });
});

it('refuses weights of another network on either', async () => {
  for (const backend of ['typescript', 'tfjs'] as const) {
    const engine = await openNeuralEngine(backend);
    const open = () => answeringNetwork(engine, spec, parameters.slice(1));
    expect(open).toThrow(/the network has/);
  }
});
