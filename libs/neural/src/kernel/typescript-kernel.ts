import type { Kernel } from './kernel.ts';
import { TypescriptWorkspace } from './typescript-workspace.ts';

/**
 * The reference: plain loops, one number after the other, exact `Math.exp` and `Math.tanh`. It
 * needs nothing of the machine and is what the other kernels are compared with.
 *
 * @param options.isDouble compute and store in 64 bits, for gradient checks by finite differences;
 *   its arrays are `Float64Array` behind the type of the others. Default: 32 bits.
 */
export function typescriptKernel({ isDouble = false }: { isDouble?: boolean } = {}): Kernel {
  return {
    name: 'typescript',
    variant: isDouble ? 'typescript-float64' : 'typescript-float32',
    openWorkspace: () => new TypescriptWorkspace({ isDouble }),
  };
}
