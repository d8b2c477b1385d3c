import { open as openFile } from 'node:fs/promises';
import { ModelError } from '../model-error.ts';

type H5wasm = typeof import('h5wasm/node');
/** A group of an HDF5 file; the file itself is one. */
export type Hdf5Group = import('h5wasm/node').Group;

/** First bytes of every HDF5 file (HDF5 file format specification 3.0, section II.A). */
const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
/** The longest text attribute: the architecture of a model, as JSON. */
const textBytesMax = 16 * 1024 * 1024;
/** Numbers in one array: 64 million float32. */
const numbersMax = 64 * 1024 * 1024;

/**
 * Opens an HDF5 file for as long as `read` takes.
 *
 * By h5wasm and not by jsfive, of the same author: that one is a reader written anew in JavaScript
 * and small, this one the HDF5 library itself as WebAssembly, so that it reads every layout and
 * filter a Keras file may have. It writes too, which is how the tests make their files.
 *
 * @throws {ModelError} `missing` or `malformed`
 */
export async function withHdf5<T>(path: string, read: (file: Hdf5Group) => T): Promise<T> {
  await checkSignature(path);
  const h5wasm: H5wasm = await import('h5wasm/node');
  const module = await h5wasm.ready;
  // Otherwise the library prints a page for each thing it does not find.
  module.activate_throwing_error_handler();
  let file: InstanceType<H5wasm['File']> | undefined;
  try {
    file = new h5wasm.File(path, 'r');
    return read(file);
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw malformed(path, `is damaged (${firstLine(cause)})`, cause);
  } finally {
    file?.close();
    module.deactivate_throwing_error_handler();
  }
}

/** A group below a group, if it is there. */
export function groupIn(group: Hdf5Group, name: string): Hdf5Group | undefined {
  if (!group.keys().includes(name)) return undefined;
  const entity = group.get(name);
  return entity !== null && 'keys' in entity ? entity : undefined;
}

/** A text attribute, if it is there. */
export function textAttribute(group: Hdf5Group, name: string): string | undefined {
  const attribute = group.attrs[name];
  if (attribute === undefined) return undefined;
  const { size, vlen } = attribute.metadata;
  if (!vlen && size > textBytesMax) {
    throw malformed(group.path, `has an attribute ${name} of ${size} bytes`);
  }
  const { value } = attribute;
  return typeof value === 'string' ? value : undefined;
}

/**
 * A list of names, if it is there. HDF5 bounds an attribute to 64 KB, so Keras cuts long ones in
 * pieces `name0`, `name1` and on.
 */
export function namesAttribute(group: Hdf5Group, name: string): string[] | undefined {
  const { attrs } = group;
  const keys = attrs[name] === undefined ? piecesOf(attrs, name) : [name];
  if (keys.length === 0) return undefined;
  return keys.flatMap((key) => {
    const value = attrs[key]?.value;
    const names = Array.isArray(value) ? value : [value];
    // An empty list is stored as an empty array of numbers.
    return names.filter((each): each is string => typeof each === 'string');
  });
}

/** Numbers of a dataset with their shape. @throws {ModelError} `malformed` where it is none */
export function numbersOf(
  group: Hdf5Group,
  path: string,
): { shape: readonly number[]; values: Float32Array } {
  const where = `${group.path}/${path}`;
  const dataset = present(group, path) ? group.get(path) : null;
  if (dataset === null || !('metadata' in dataset) || !('shape' in dataset)) {
    throw malformed(where, 'is no array of weights');
  }
  const shape = dataset.shape ?? [];
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > numbersMax) throw malformed(where, `has ${count} numbers, ${numbersMax} are allowed`);
  const { value } = dataset;
  if (!(value instanceof Float32Array) && !(value instanceof Float64Array)) {
    throw malformed(where, `holds ${String(dataset.dtype)}, not float32 or float64`);
  }
  return { shape, values: Float32Array.from(value) };
}

/** Asked step by step, as the library takes an absent path for an error. */
function present(group: Hdf5Group, path: string): boolean {
  const [name = '', ...rest] = path.split('/').filter((part) => part !== '');
  if (!group.keys().includes(name)) return false;
  if (rest.length === 0) return true;
  const below = groupIn(group, name);
  return below !== undefined && present(below, rest.join('/'));
}

function piecesOf(attrs: Record<string, unknown>, name: string): string[] {
  const pieces: string[] = [];
  while (attrs[`${name}${pieces.length}`] !== undefined) pieces.push(`${name}${pieces.length}`);
  return pieces;
}

async function checkSignature(path: string): Promise<void> {
  const first = Buffer.alloc(signature.length);
  try {
    const file = await openFile(path);
    try {
      await file.read(first, 0, first.length, 0);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ModelError({
      code: 'missing',
      message: `${path} cannot be read (${code ?? String(cause)})`,
      nextStep: 'check the path of the Keras file',
      cause,
    });
  }
  if (!first.equals(signature)) throw malformed(path, 'is no HDF5 file');
}

function malformed(where: string, why: string, cause?: unknown): ModelError {
  return new ModelError({
    code: 'malformed',
    message: `${where} ${why}`,
    nextStep: "save the model again from Keras as HDF5: model.save('name.h5')",
    cause,
  });
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n')[0] ?? '';
}
