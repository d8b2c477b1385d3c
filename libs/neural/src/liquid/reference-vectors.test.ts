import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkVector, type LiquidVector } from './check-vector.ts';

const OUTPUT_ERROR_MAX = 1e-6;
const GRADIENT_ERROR_MAX = 1e-4;

const data = process.env.LEVITATE_DATA;
const folder = data === undefined ? undefined : join(data, 'liquid-vectors');
const isThere = folder !== undefined && existsSync(folder);
const files = isThere ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

if (!isThere) {
  console.warn(
    'skipped: reference vectors of liquid networks; LEVITATE_DATA has no liquid-vectors',
  );
}

describe.skipIf(!isThere)('reference vectors', () => {
  it.each(files)('outputs, final states and gradients of %s', (file) => {
    const vector = JSON.parse(readFileSync(join(folder ?? '', file), 'utf8')) as LiquidVector;
    const { output, gradient } = checkVector(vector);
    expect(output).toBeLessThanOrEqual(OUTPUT_ERROR_MAX);
    expect(gradient).toBeLessThanOrEqual(GRADIENT_ERROR_MAX);
  });

  it('notice a weight that is off by a thousandth', () => {
    const text = readFileSync(join(folder ?? '', files[0] ?? ''), 'utf8');
    const vector = JSON.parse(text) as LiquidVector;
    const name = Object.keys(vector.params).find((one) => one.endsWith('.bias')) ?? '';
    const array = vector.params[name] as unknown as { data: number[] };
    array.data[0] = (array.data[0] ?? 0) + 1e-3;
    expect(checkVector(vector).output).toBeGreaterThan(OUTPUT_ERROR_MAX);
  });
});
