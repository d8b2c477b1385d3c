type Core = typeof import('@tensorflow/tfjs-core');
type Layers = typeof import('@tensorflow/tfjs-layers');

/** The part of tfjs that is used here: the core, and its layers on top. */
export type Tfjs = Core & Pick<Layers, 'sequential' | 'layers' | 'initializers'>;

/** Engines of tfjs, fastest first. */
export type TfjsEngineName = 'tfjs-node' | 'tfjs-wasm' | 'tfjs-cpu';

/** tfjs, with the one of its engines that was opened. */
export interface TfjsEngine {
  readonly name: TfjsEngineName;
  readonly tf: Tfjs;
  /**
   * Runs `work` on this engine and frees every tensor it made, but for what it returns. Plain tfjs
   * has one engine in use at a time, so each call says which.
   */
  run<T>(work: () => T): T;
}
