import type { Kernel, KernelName } from './kernel.ts';
import { typescriptKernel } from './typescript-kernel.ts';
import { wasmKernel } from './wasm-kernel.ts';

/**
 * Opens a kernel.
 * @param name `auto` takes WASM, the fastest that runs anywhere
 */
export async function openKernel(name: KernelName | 'auto'): Promise<Kernel> {
  if (name === 'wasm' || name === 'auto') return wasmKernel();
  return openTrainingKernel(name);
}

/**
 * Opens the variant of a kernel whose bytes are the same on every machine that has it: what
 * training takes.
 */
export async function openTrainingKernel(name: KernelName): Promise<Kernel> {
  switch (name) {
    case 'typescript':
      return typescriptKernel();
    case 'wasm':
      return wasmKernel({ variant: 'simd' });
    default:
      throw new RangeError(`there is no kernel ${name}; there are: typescript, wasm`);
  }
}
