import type { Source } from './source.ts';
import { type SourceState, worstOf } from './source-state.ts';

/**
 * Sources that run side by side, each by itself: one that is away does not keep the others from
 * flowing, and is tried again.
 */
export class RunningSources {
  readonly #states: SourceState[];
  readonly #hasFlowed: boolean[];
  readonly #stopping = new AbortController();
  readonly #running: Promise<unknown>;
  #onSettled: (() => void) | undefined;
  /** Fulfilled once every service has either answered or failed. */
  readonly settled: Promise<void>;

  /** @param onChange hears of a source that came, went or came back, once each. */
  constructor(sources: readonly Source[], onChange?: (now: SourceState) => void) {
    this.#states = sources.map(({ service }) => ({ service, state: 'connecting', why: '' }));
    this.#hasFlowed = sources.map(() => false);
    this.settled = new Promise((resolve) => {
      this.#onSettled = resolve;
    });
    this.#running = Promise.all(
      sources.map((source, index) =>
        source.run(this.#stopping.signal, (state) => {
          const before = this.#states[index];
          this.#states[index] = state;
          if (state.state === 'flowing') this.#hasFlowed[index] = true;
          if (before?.state !== state.state) onChange?.(state);
          if (worstOf(this.#states).every((each) => each.state !== 'connecting'))
            this.#onSettled?.();
        }),
      ),
    );
  }

  /** In the order of the sources. */
  get states(): readonly SourceState[] {
    return this.#states;
  }

  /** Whether any source ever gave anything. */
  get hasFlowed(): boolean {
    return this.#hasFlowed.some((each) => each);
  }

  /** Ends every source and waits for them. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }
}
