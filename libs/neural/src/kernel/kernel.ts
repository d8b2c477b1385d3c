import type { Workspace } from './workspace.ts';

/** The three implementations of the arithmetic. */
export type KernelName = 'typescript' | 'wasm' | 'openblas';

/** An implementation of the arithmetic, opened by `openKernel`. */
export interface Kernel {
  readonly name: KernelName;
  /**
   * The exact instructions behind the name: two kernels of one variant give the same bytes, two of
   * different variants agree to a tolerance only.
   */
  readonly variant: string;
  /** New memory with the operations on it: one for each network, freed with it. */
  openWorkspace(): Workspace;
}
