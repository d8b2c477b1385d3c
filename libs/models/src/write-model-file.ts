import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, manifestSchema } from './manifest.ts';
import type { StoredParameter } from './model-file.ts';

/** A manifest before its weights are known. */
export type ManifestDraft = Omit<Manifest, 'format' | 'parameters' | 'weights'>;

/**
 * Writes a model folder: the weights first, the manifest that names their hash last, each by
 * rename, so that a reader sees the old model or the new one. The same input gives the same bytes.
 * @returns the manifest as written
 * @throws {ZodError} for a draft that is no manifest
 */
export async function writeModelFile(options: {
  folder: string;
  draft: ManifestDraft;
  parameters: readonly StoredParameter[];
}): Promise<Manifest> {
  const { folder, draft, parameters } = options;
  const isDouble = parameters.some(({ values }) => values instanceof Float64Array);
  const bytes = bytesOf(parameters, isDouble ? 8 : 4);
  const file = isDouble ? 'weights.f64' : 'weights.f32';
  const manifest = manifestSchema.parse({
    format: 1,
    ...draft,
    parameters: parameters.map(({ name, shape }) => ({ name, shape: [...shape] })),
    weights: {
      file,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  });
  await mkdir(folder, { recursive: true });
  await replace(join(folder, file), bytes);
  await replace(join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

/** Little endian, in order, nothing between. */
function bytesOf(parameters: readonly StoredParameter[], width: 4 | 8): Buffer {
  const count = parameters.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = Buffer.alloc(count * width);
  let offset = 0;
  for (const { values } of parameters) {
    for (const value of values) {
      if (width === 4) bytes.writeFloatLE(value, offset);
      else bytes.writeDoubleLE(value, offset);
      offset += width;
    }
  }
  return bytes;
}

async function replace(path: string, content: Buffer | string): Promise<void> {
  const fresh = `${path}.new`;
  await writeFile(fresh, content);
  await rename(fresh, path);
}
