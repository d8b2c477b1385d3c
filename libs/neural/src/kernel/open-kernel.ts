import type { Kernel, KernelName } from './kernel.ts';
import { openblasKernel } from './openblas-kernel.ts';
import { typescriptKernel } from './typescript-kernel.ts';
import { wasmKernel } from './wasm-kernel.ts';

/**
 * Opens a kernel.
 * @param name `auto` takes WASM, the fastest that runs anywhere
 * @throws Error for `openblas` where the library is not installed
 */
export async function openKernel(name: KernelName | 'auto'): Promise<Kernel> {
  if (name === 'wasm' || name === 'auto') return wasmKernel();
  return openTrainingKernel(name);
}

/**
 * Opens the variant of a kernel that training takes: for WASM the one whose bytes are the same on
 * every machine.
 */
export async function openTrainingKernel(name: KernelName): Promise<Kernel> {
  switch (name) {
    case 'typescript':
      return typescriptKernel();
    case 'wasm':
      return wasmKernel({ variant: 'simd' });
    case 'openblas':
      return openblasKernel();
    default:
      throw new RangeError(`there is no kernel ${name}; there are: typescript, wasm, openblas`);
  }
}
