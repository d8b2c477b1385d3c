import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Where the build lies: outside git and outside `node_modules`, so that `npm ci` leaves it. About
 * 600 MB, half of it libtensorflow, half of it the npm package and what it depends on.
 */
export const installFolder: string = join(root, '.levitate', 'tfjs-node');

/** Name of the file by which a finished build is known, and what it was built from. */
export const recordName = 'built-from.json';

/**
 * Why tfjs-node cannot be opened here.
 *
 * @returns a sentence with the next step; `undefined` when it is built.
 */
export function tfjsNodeMissing(folder: string = installFolder): string | undefined {
  if (existsSync(join(folder, recordName))) return undefined;
  return 'tfjs-node is not built here; npm run tfjs-node builds it (Linux on x64)';
}

/** @returns whether the build in `folder` was made from exactly these parts. */
export function isBuiltFrom(parts: unknown, folder: string): boolean {
  try {
    const built: unknown = JSON.parse(readFileSync(join(folder, recordName), 'utf8'));
    return JSON.stringify(built) === JSON.stringify(parts);
  } catch {
    return false;
  }
}
