import { fileURLToPath } from 'node:url';
import type { Manifest } from '../manifest.ts';
import { loadModelFile, type ModelFile } from '../model-file.ts';

/** A shipped model, and how its opener refuses what is wrong with it. */
export interface ShippedFile {
  readonly file: ModelFile;
  /** The same with another manifest. */
  with(over: Partial<Manifest>): ModelFile;
}

/** @param name folder below `models/` */
export async function shippedFile(name: string): Promise<ShippedFile> {
  const file = await loadModelFile(
    fileURLToPath(new URL(`../../../../models/${name}`, import.meta.url)),
  );
  return {
    file,
    with: (over) => ({ ...file, manifest: { ...file.manifest, ...over } }),
  };
}

/** What opening throws; undefined where it throws nothing. */
export function refusalOf(open: () => unknown): unknown {
  try {
    open();
  } catch (error) {
    return error;
  }
  return undefined;
}
