import type { PathWindow } from '@levitate/models';
import type { EngineCall, WindowForecast } from './bandwidth-engine.ts';

/** A model that takes part in the race on followed paths. */
export interface PathRacer {
  /** `name@version`. */
  readonly id: string;
  /** Error (WAPE) that its validation showed. */
  readonly reference: number;
  /** Paths it is asked about in each round: those that are followed longest. */
  readonly pathsMax: number;
  /**
   * @returns in the order of the windows; a forecast under another name than `id` is none, and its
   *   abstention says why
   */
  forecast(windows: readonly PathWindow[], call: EngineCall): Promise<readonly WindowForecast[]>;
}
