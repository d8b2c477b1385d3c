import type {
  EnsembleOutputs,
  ModelContent,
  ObservationWindow,
  PathForecast,
  PathWindow,
} from '@levitate/models';
import type { NeuralBackend } from '@levitate/neural';

/** What a thread is asked. */
export type ModelWork = {
  /**
   * The name alone at first, its bytes where a thread does not know it: they are shared and never
   * copied, but to hand them over costs more than a forecast does.
   */
  readonly model: ModelContent | Pick<ModelContent, 'folder' | 'fingerprint'>;
  readonly kernel: NeuralBackend;
  /** Wall clock after which the answer is of no use; work that starts later is not done. */
  readonly deadlineUnixMs: number;
} & (
  | { readonly kind: 'prove' }
  | { readonly kind: 'bandwidth'; readonly windows: readonly PathWindow[] }
  | {
      readonly kind: 'liquid';
      readonly windows: readonly ObservationWindow[];
      /** 0: all. */
      readonly members: number;
    }
);

/** What is known of a liquid model before it is asked anything. */
export interface LiquidFacts {
  readonly backend: string;
  readonly members: number;
  /** Multiply-accumulates of one member for one step. */
  readonly macsOfStep: number;
  /** @see coherenceOf */
  readonly targetVariance: readonly number[];
}

/** What a thread answers. */
export type ModelAnswer =
  | { readonly kind: 'late' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'refused'; code: string; message: string; nextStep: string }
  | {
      readonly kind: 'proven';
      readonly backend: string;
      /** Of a liquid model. */
      readonly liquid: LiquidFacts | undefined;
    }
  | {
      readonly kind: 'bandwidth';
      readonly backend: string;
      readonly forecasts: readonly PathForecast[];
    }
  | {
      readonly kind: 'liquid';
      readonly backend: string;
      readonly members: number;
      readonly outputs: readonly EnsembleOutputs[];
    };
