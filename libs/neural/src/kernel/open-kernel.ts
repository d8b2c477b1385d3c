import type { Kernel, KernelName } from './kernel.ts';
import { typescriptKernel } from './typescript-kernel.ts';

/**
 * Opens a kernel.
 * @param name `auto` takes the fastest that runs anywhere
 */
export async function openKernel(name: KernelName | 'auto'): Promise<Kernel> {
  if (name === 'typescript' || name === 'auto') return typescriptKernel();
  throw new RangeError(`there is no kernel ${name} here; there are: typescript, auto`);
}

/**
 * Opens the variant of a kernel whose bytes are the same on every machine that has it: what
 * training takes.
 */
export async function openTrainingKernel(name: KernelName): Promise<Kernel> {
  return openKernel(name);
}
