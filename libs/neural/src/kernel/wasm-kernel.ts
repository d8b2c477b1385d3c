import type { Kernel } from './kernel.ts';
import { hasRelaxedSimd, type WasmVariant, wasmModule } from './wasm-module.ts';
import { WasmWorkspace } from './wasm-workspace.ts';

/**
 * Our own loops in WebAssembly SIMD, built from `assembly/`: fast on any machine that runs Node,
 * without a native library.
 *
 * @param options.variant default: `relaxed-simd` where the engine has it. Its sums are fused, and
 *   how is left to the processor: results differ from those of `simd` in the last places. `simd`
 *   gives the same bytes everywhere.
 */
export async function wasmKernel({ variant }: { variant?: WasmVariant } = {}): Promise<Kernel> {
  const chosen = variant ?? ((await hasRelaxedSimd()) ? 'relaxed-simd' : 'simd');
  const module = await wasmModule(chosen);
  return {
    name: 'wasm',
    variant: `wasm-${chosen}`,
    openWorkspace: () => new WasmWorkspace(module),
  };
}
