import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';

/** Protos that npm packages read, each two folders above the file that does. */
const protosOfPackages = ['grpc-health-check/proto/health', '@grpc/reflection/build/proto/grpc'];

/** What `bundleCode` is told. */
export interface BundleOptions {
  /** Root of the repository. */
  root: string;
  /** Name of the file without its end, and the source it begins with. */
  entries: Readonly<Record<string, string>>;
  /** Folder of the package. */
  folder: string;
}

/**
 * All code of the package in one file an entry, and what they share: this repository's and that of
 * npm packages, so that the package has no dependency.
 * @returns folders of the npm packages of which code is in it
 */
export async function bundleCode({ root, entries, folder }: BundleOptions): Promise<string[]> {
  const bundle = await rolldown({
    input: entries,
    platform: 'node',
    // What nobody imports by name has no place here: no module is there for its effects alone.
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    chunkFileNames: '[name].js',
    // npm packages find their protos by where their files were, which are in this one now.
    banner: ({ moduleIds }) =>
      moduleIds.some((id) => packageOf(id) !== undefined)
        ? `const __dirname = \`\${import.meta.dirname}/bundled/build/src\`;`
        : '',
  });
  await bundle.close();
  for (const protos of protosOfPackages) {
    const target = join(folder, 'bundled/proto', basename(protos));
    cpSync(join(root, 'node_modules', protos), target, { recursive: true });
  }
  cpSync(join(root, 'proto/levitate'), join(folder, 'proto/levitate'), { recursive: true });
  const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
  return [...new Set(modules.flatMap((id) => packageOf(id) ?? []))].sort();
}

/** `/r/node_modules/@a/b` of `/r/node_modules/@a/b/lib/c.js`. */
function packageOf(id: string): string | undefined {
  const found = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id.replaceAll('\\', '/'));
  return found?.[0];
}
