import { wasmModule } from '../kernel/wasm-module.ts';
import type { LiquidSequence } from './check-sequence.ts';
import { ClosedFormChain } from './closed-form-chain.ts';
import type { LiquidNetwork } from './liquid-network.ts';

/** A network that only answers after the last step of a sequence, which is all a service asks. */
export interface LiquidEnd {
  /** What computes it: `wasm` or `typescript`. */
  readonly backend: string;
  /**
   * From a state of zeros.
   * @returns outputs of the last step [outputs]
   * @throws LiquidError `bad-input`
   */
  end(sequence: LiquidSequence): Float64Array;
}

/** The fastest way to the end of a network: WASM for the kinds that it has, else the network. */
export async function openLiquidEnd(network: LiquidNetwork): Promise<LiquidEnd> {
  if (!ClosedFormChain.takes(network)) return plainLiquidEnd(network);
  const chain = new ClosedFormChain(network, await wasmModule('simd'));
  return { backend: 'wasm', end: (sequence) => chain.end(sequence) };
}

/** The network itself, kept as the reference that training and scores go by. */
export function plainLiquidEnd(network: LiquidNetwork): LiquidEnd {
  const { outputs } = network;
  return {
    backend: 'typescript',
    end: (sequence) => network.forward(sequence).slice((sequence.steps - 1) * outputs),
  };
}
