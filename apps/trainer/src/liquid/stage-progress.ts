import type { TrainingContext } from '../training.ts';

/** Updates that count as one epoch: there is no pass over all data, stretches are drawn. */
export const EPOCH = 250;

/** Tells the display how far one network is; time is the process's own. */
export class StageProgress {
  readonly #stage: string;
  readonly #updates: number;
  readonly #progress: TrainingContext['progress'];
  readonly #startedMs: number;
  readonly #nowMs: () => number;

  constructor(options: {
    stage: string;
    updates: number;
    progress: TrainingContext['progress'];
    /** Default: the process's steady clock. */
    nowMs?: () => number;
  }) {
    const { stage, updates, progress, nowMs = () => performance.now() } = options;
    this.#stage = stage;
    this.#updates = updates;
    this.#progress = progress;
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  /** @param update that is done, from 1 */
  show(update: number, loss: number): void {
    const seconds = (this.#nowMs() - this.#startedMs) / 1000;
    this.#progress({
      stage: this.#stage,
      epoch: Math.ceil(update / EPOCH),
      epochs: Math.ceil(this.#updates / EPOCH),
      step: ((update - 1) % EPOCH) + 1,
      steps: Math.min(EPOCH, this.#updates),
      loss,
      etaSeconds: (seconds / update) * (this.#updates - update),
    });
  }
}
