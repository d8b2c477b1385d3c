import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { vectorFigures } from './vector-figures.ts';

function folderWith(vectors: readonly object[]): string {
  const path = mkdtempSync(join(tmpdir(), 'levitate-vectors-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  mkdirSync(join(path, 'liquid-vectors'));
  vectors.forEach((vector, index) => {
    writeFileSync(join(path, 'liquid-vectors', `${index}.json`), JSON.stringify(vector));
  });
  return path;
}

/** h = tanh(x + h) / 2 x 2, one unit: what a default cell is with W1 = W2. */
const one = (data: number) => ({ shape: [1], data: [data] });
const pair = (a: number, b: number) => ({ shape: [1, 2], data: [a, b] });
const VECTOR = {
  name: 'by hand',
  config: { cell: 'cfc', mode: 'default', backboneLayers: 0, backboneActivation: null },
  x: { shape: [1, 1, 1], data: [0.5] },
  timespans: null,
  params: {
    'rnn_cell.ff1.weight': pair(1, 0),
    'rnn_cell.ff1.bias': one(0),
    'rnn_cell.ff2.weight': pair(1, 0),
    'rnn_cell.ff2.bias': one(0),
    'rnn_cell.time_a.weight': pair(0, 0),
    'rnn_cell.time_a.bias': one(0),
    'rnn_cell.time_b.weight': pair(0, 0),
    'rnn_cell.time_b.bias': one(0),
  },
  y: { shape: [1, 1, 1], data: [Math.tanh(0.5)] },
  h: [[Math.tanh(0.5)]],
  grad_of_sum_y2: { 'rnn_cell.ff1.bias': [Math.tanh(0.5) * (1 - Math.tanh(0.5) ** 2)] },
};

it('gives the largest error over all vectors', () => {
  const off = { ...VECTOR, y: { shape: [1, 1, 1], data: [Math.tanh(0.5) + 0.25] } };
  const good = vectorFigures(folderWith([VECTOR])).metrics;
  expect(good.vector_error_max).toBeLessThan(1e-15);
  expect(good.gradient_error_max).toBeLessThan(1e-15);
  const { metrics } = vectorFigures(folderWith([VECTOR, off]));
  expect(metrics.vector_error_max).toBeCloseTo(0.25, 12);
});

it('counts a vector of which no network can be built as wrong, and says why', () => {
  const { metrics, baseline } = vectorFigures(folderWith([{ ...VECTOR, params: {} }]));
  expect(metrics.vector_error_max).toBe(Number.MAX_VALUE);
  expect(JSON.stringify(baseline)).toContain('rnn_cell.ff1.weight is missing');
});

it('says so where there are no vectors', () => {
  const { metrics, notMeasured } = vectorFigures(tmpdir());
  expect(metrics).toEqual({});
  expect(notMeasured.vector_error_max).toContain('no liquid-vectors');
});
