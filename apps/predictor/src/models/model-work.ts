import type {
  EnsembleOutputs,
  ModelContent,
  ObservationWindow,
  PathForecast,
  PathWindow,
} from '@levitate/models';
import type { NeuralBackend } from '@levitate/neural';

/** What a thread is asked; the bytes of the model are shared with it, never copied. */
export type ModelWork = {
  readonly model: ModelContent;
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

/** What a thread answers. */
export type ModelAnswer =
  | { readonly kind: 'late' }
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'refused'; code: string; message: string; nextStep: string }
  | { readonly kind: 'proven'; readonly backend: string }
  | {
      readonly kind: 'bandwidth';
      readonly backend: string;
      readonly forecasts: readonly PathForecast[];
    }
  | {
      readonly kind: 'liquid';
      readonly backend: string;
      readonly members: number;
      readonly targetVariance: readonly number[];
      readonly macsOfStep: number;
      readonly outputs: readonly EnsembleOutputs[];
    };
