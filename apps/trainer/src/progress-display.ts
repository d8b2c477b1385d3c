import type { TrainingProgress } from './training.ts';

/** Where progress is shown: a terminal is redrawn in place, anything else gets lines. */
export interface ProgressSink {
  isTerminal: boolean;
  columns: number;
  write: (text: string) => void;
}

/** Shortest time between two updates, milliseconds. */
const TERMINAL_MS = 100;
const LINE_MS = 10_000;
const BAR_CELLS = 24;

/**
 * Progress for a person who waits: a bar with loss and time left on a terminal, else a line every
 * ten seconds and one at the end of each epoch.
 * @param options.nowMs a clock that never goes back, milliseconds
 */
export class ProgressDisplay {
  readonly #sink: ProgressSink;
  readonly #nowMs: () => number;
  #shownMs = Number.NEGATIVE_INFINITY;
  #epoch = '';
  #isBarOpen = false;

  constructor({ sink, nowMs }: { sink: ProgressSink; nowMs: () => number }) {
    this.#sink = sink;
    this.#nowMs = nowMs;
  }

  show(progress: TrainingProgress): void {
    const now = this.#nowMs();
    const epoch = `${progress.stage}/${progress.epoch}/${progress.validation ?? ''}`;
    const isNew = epoch !== this.#epoch;
    const waitMs = this.#sink.isTerminal ? TERMINAL_MS : LINE_MS;
    if (!isNew && now - this.#shownMs < waitMs) return;
    this.#epoch = epoch;
    this.#shownMs = now;
    if (!this.#sink.isTerminal) {
      this.#sink.write(`${progressText(progress)}\n`);
      return;
    }
    const line = `${progressBar(progress)} ${progressText(progress)}`;
    this.#sink.write(`\r\x1b[K${line.slice(0, Math.max(20, this.#sink.columns - 1))}`);
    this.#isBarOpen = true;
  }

  /** A line of its own, above the bar. */
  say(line: string): void {
    this.close();
    this.#sink.write(`${line}\n`);
  }

  /** End the line of the bar. */
  close(): void {
    if (this.#isBarOpen) this.#sink.write('\n');
    this.#isBarOpen = false;
  }
}

/** `[######......]`, by steps of all epochs. */
export function progressBar({ epoch, epochs, step, steps }: TrainingProgress): string {
  const done = (Math.max(0, epoch - 1) + step / Math.max(1, steps)) / Math.max(1, epochs);
  const cells = Math.round(BAR_CELLS * Math.min(1, Math.max(0, done)));
  return `[${'#'.repeat(cells)}${'.'.repeat(BAR_CELLS - cells)}]`;
}

/** `bandwidth 1/2: epoch 3/20, step 40/120, loss 0.412, validation 0.433, 2 min 5 s left`. */
export function progressText(progress: TrainingProgress): string {
  const { stage, epoch, epochs, step, steps, loss, validation, etaSeconds } = progress;
  const parts = [`epoch ${epoch}/${epochs}`, `step ${step}/${steps}`, `loss ${loss.toFixed(4)}`];
  if (validation !== undefined) parts.push(`validation ${validation.toFixed(4)}`);
  if (Number.isFinite(etaSeconds)) parts.push(`${durationText(etaSeconds)} left`);
  return `${stage}: ${parts.join(', ')}`;
}

function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
