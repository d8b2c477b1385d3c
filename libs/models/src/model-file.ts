import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { type Manifest, modelId, parseManifest } from './manifest.ts';
import { ModelError, type ModelErrorCode } from './model-error.ts';

/** One parameter out of a weights file. */
export interface StoredParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/** A model as it lies in its folder, checked: its numbers are those its manifest describes. */
export interface ModelFile {
  readonly folder: string;
  readonly manifest: Manifest;
  /** `name@version`. */
  readonly id: string;
  readonly parameters: readonly StoredParameter[];
  /** Tells this state of the folder from another: hash of manifest and weights together. */
  readonly fingerprint: string;
  /** What it was made of; goes to a worker without a copy, and outlives the folder. */
  readonly content: ModelContent;
}

/** The bytes of a model folder, in memory that threads share. */
export interface ModelContent {
  readonly folder: string;
  readonly fingerprint: string;
  readonly manifest: SharedArrayBuffer;
  readonly weights: SharedArrayBuffer;
}

/** Largest weights file that is read: 64 million float32. */
const WEIGHTS_BYTES_MAX = 256 * 1024 * 1024;
const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;
const AGAIN = 'restore the folder from the repository, or train the model again (levitate train)';

/**
 * Reads `manifest.json` and the weights beside it and checks them against each other: length,
 * hash, shapes, every number finite.
 * @throws {ModelError} naming the file, why it was refused and what to do
 */
export async function loadModelFile(folder: string): Promise<ModelFile> {
  const manifestPath = join(folder, 'manifest.json');
  const text = await readBounded(manifestPath, MANIFEST_BYTES_MAX);
  const { weights } = parseManifest(text.toString('utf8'), manifestPath);
  const bytes = await readBounded(join(folder, weights.file), WEIGHTS_BYTES_MAX);
  const fingerprint = createHash('sha256').update(text).update(bytes).digest('hex');
  const content = { folder, fingerprint, manifest: shared(text), weights: shared(bytes) };
  return openModelContent(content);
}

/**
 * The model in the bytes of its folder, with the same checks as `loadModelFile`.
 * @throws {ModelError}
 */
export function openModelContent(content: ModelContent): ModelFile {
  const { folder, fingerprint } = content;
  const manifestPath = join(folder, 'manifest.json');
  const text = Buffer.from(content.manifest).toString('utf8');
  const manifest = parseManifest(text, manifestPath);
  checkConsistency(manifest, manifestPath);
  const bytes = Buffer.from(content.weights);
  const weightsPath = join(folder, manifest.weights.file);
  checkBytes(bytes, { manifest, weightsPath });
  const parameters = parametersOf(bytes, manifest);
  for (const { name, values } of parameters) {
    if (!values.every(Number.isFinite)) {
      throw refused('unsound', `${weightsPath}: parameter ${name} holds what is no number`);
    }
  }
  return { folder, manifest, id: modelId(manifest), parameters, fingerprint, content };
}

function shared(bytes: Buffer): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

/** Numbers of a weights file with these parameters. */
export function parameterCount(parameters: Manifest['parameters']): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

async function readBounded(path: string, bytesMax: number): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size <= bytesMax) return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw refused('missing', `${path} cannot be read (${code ?? String(cause)})`, cause);
  }
  throw refused('corrupt', `${path} is larger than ${bytesMax} bytes`);
}

/** What the manifest says twice has to agree. */
function checkConsistency(manifest: Manifest, where: string): void {
  const { inputs, spec, weights, parameters } = manifest;
  if (spec.features !== inputs.features.length) {
    const why = `its network takes ${spec.features} features and inputs lists`;
    throw refused('shape', `${where}: ${why} ${inputs.features.length}`);
  }
  if ('steps' in spec && 'layers' in spec && spec.steps !== inputs.steps) {
    throw refused('shape', `${where}: its network takes ${spec.steps} steps, not ${inputs.steps}`);
  }
  const expected = parameterCount(parameters) * bytesOf(weights.file);
  if (expected !== weights.bytes) {
    const why = `its parameters take ${expected} bytes and weights.bytes says ${weights.bytes}`;
    throw refused('shape', `${where}: ${why}`);
  }
}

function checkBytes(bytes: Buffer, at: { manifest: Manifest; weightsPath: string }): void {
  const { weights } = at.manifest;
  if (bytes.length !== weights.bytes) {
    const how = bytes.length < weights.bytes ? 'truncated' : 'too long';
    const why = `${how}: ${bytes.length} bytes, the manifest says ${weights.bytes}`;
    throw refused('corrupt', `${at.weightsPath} is ${why}`);
  }
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === weights.sha256) return;
  const shown = `${actual.slice(0, 12)}..., the manifest says ${weights.sha256.slice(0, 12)}...`;
  const why = 'is damaged or belongs to another model';
  throw refused('corrupt', `${at.weightsPath} ${why}: its SHA-256 is ${shown}`);
}

function parametersOf(bytes: Buffer, manifest: Manifest): StoredParameter[] {
  const width = bytesOf(manifest.weights.file);
  let offset = 0;
  return manifest.parameters.map(({ name, shape }) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const part = Uint8Array.prototype.slice.call(bytes, offset, offset + count * width);
    offset += count * width;
    if (endianness() === 'BE') swap(part, width);
    const values = width === 4 ? new Float32Array(part.buffer) : new Float64Array(part.buffer);
    return { name, shape, values };
  });
}

function swap(part: Uint8Array, width: 4 | 8): void {
  const view = Buffer.from(part.buffer);
  if (width === 4) view.swap32();
  else view.swap64();
}

function bytesOf(file: Manifest['weights']['file']): 4 | 8 {
  return file === 'weights.f32' ? 4 : 8;
}

function refused(code: ModelErrorCode, message: string, cause?: unknown): ModelError {
  return new ModelError({ code, message, nextStep: AGAIN, cause });
}
