import type { SourceTree } from './source-tree.ts';

/** The parts of a room's manifest that rules read. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly exports?: unknown;
  readonly nx?: { readonly tags?: readonly string[]; readonly targets?: Record<string, unknown> };
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** A folder with a manifest of its own: an app, a lib or a tool. */
export interface Room {
  /** `libs/clock`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** @returns every room, in the order of their folders. */
export function roomsOf(tree: SourceTree): Room[] {
  return tree.files
    .filter(({ path }) => /^(apps|libs|tools)\/[^/]+\/package\.json$/.test(path))
    .map(({ path, text }) => ({
      folder: path.slice(0, -'/package.json'.length),
      manifest: JSON.parse(text) as Manifest,
    }));
}

/** @returns `core`, `kit`, `sim` or `app`; `undefined` when the tags do not say exactly one. */
export function layerOf({ manifest }: Room): string | undefined {
  const layers = (manifest.nx?.tags ?? []).filter((tag) => tag.startsWith('layer:'));
  return layers.length === 1 ? layers[0]?.slice('layer:'.length) : undefined;
}
