import { mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadModelFile } from './model-file.ts';
import { tinyDraft, tinyParameters } from './testing/tiny-model.ts';
import { writeModelFile } from './write-model-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-model-'));
  await writeModelFile({ folder, draft: tinyDraft(), parameters: tinyParameters() });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Rewrites the manifest as changed. */
async function change(edit: (manifest: ReturnType<typeof JSON.parse>) => void): Promise<void> {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  edit(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

async function refusal(): Promise<string> {
  const error = await loadModelFile(folder).catch((failure: unknown) => failure);
  const { code, message, nextStep } = error as { code: string; message: string; nextStep: string };
  expect(message).toContain(folder);
  expect(nextStep.length).toBeGreaterThan(10);
  return `${code}: ${message}`;
}

describe('a model file', () => {
  it('is read back as it was written, and written the same twice', async () => {
    const file = await loadModelFile(folder);
    expect(file.id).toBe('tiny@1');
    expect(file.parameters.map(({ name, values }) => [name, [...values]])).toEqual([
      ['dense/kernel', [1, 0, 0, 1]],
      ['dense/bias', [0, 0]],
    ]);
    await writeModelFile({ folder, draft: tinyDraft(), parameters: tinyParameters() });
    expect((await loadModelFile(folder)).fingerprint).toBe(file.fingerprint);
  });

  it('keeps float64 parameters exactly', async () => {
    const values = Float64Array.of(Math.PI, -1e-300, 1 / 3);
    const parameters = [{ name: 'a', shape: [3], values }];
    await writeModelFile({ folder, draft: tinyDraft(), parameters });
    expect((await loadModelFile(folder)).parameters[0]?.values).toEqual(values);
  });

  it('is refused when it is missing, truncated, too long or another model’s', async () => {
    const weights = join(folder, 'weights.f32');
    const bytes = await readFile(weights);
    await truncate(weights, 20);
    expect(await refusal()).toMatch(/^corrupt: .*truncated: 20 bytes, the manifest says 24/);
    await writeFile(weights, Buffer.concat([bytes, bytes]));
    expect(await refusal()).toMatch(/^corrupt: .*too long: 48 bytes/);
    bytes[3] = 0x11;
    await writeFile(weights, bytes);
    expect(await refusal()).toMatch(/^corrupt: .*another model: its SHA-256 is/);
    await unlink(weights);
    expect(await refusal()).toMatch(/^missing: .*ENOENT/);
  });

  it('is refused when a number in it is none', async () => {
    const parameters = tinyParameters();
    const [first] = parameters;
    if (first) first.values[1] = Number.NaN;
    await writeModelFile({ folder, draft: tinyDraft(), parameters });
    expect(await refusal()).toMatch(/^unsound: .*dense\/kernel/);
  });

  it('is refused when its manifest is torn, of another format or contradicts itself', async () => {
    await change((manifest) => manifest.inputs.features.pop());
    expect(await refusal()).toMatch(/^shape: .*2 features and inputs lists 1/);
    await change((manifest) => {
      manifest.spec.features = 1;
      manifest.parameters[0].shape = [2, 3];
    });
    expect(await refusal()).toMatch(/^shape: .*32 bytes and weights.bytes says 24/);
    await change((manifest) => {
      manifest.parameters[0].shape = [2, 2];
      manifest.spec.steps = 4;
    });
    expect(await refusal()).toMatch(/^shape: .*takes 4 steps, not 3/);
    await change((manifest) => {
      manifest.format = 2;
    });
    expect(await refusal()).toMatch(/^malformed: .*format/);
    await truncate(join(folder, 'manifest.json'), 100);
    expect(await refusal()).toMatch(/^malformed: .*not JSON/);
  });
});
