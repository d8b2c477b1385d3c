import type { Kernel } from './kernel.ts';
import { openblasLibrary } from './openblas-library.ts';
import { OpenblasWorkspace } from './openblas-workspace.ts';
import { wasmModule } from './wasm-module.ts';

/**
 * OpenBLAS for matrix products, our WASM loops for the rest. Its results depend on version and
 * processor, so weights that are to be the same everywhere are not trained with it.
 * @throws Error that names the package where OpenBLAS is not there
 */
export async function openblasKernel(): Promise<Kernel> {
  const library = openblasLibrary();
  const module = await wasmModule('simd');
  return {
    name: 'openblas',
    variant: `openblas-${library.build}`,
    openWorkspace: () => new OpenblasWorkspace(module, library),
  };
}
