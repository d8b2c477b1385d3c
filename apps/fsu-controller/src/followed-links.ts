import type { Clock } from '@levitate/clock';
import type { FeatureWindows } from '@levitate/feature-windows';
import type { ControlLoop } from './control-loop.ts';
import { followWindows } from './follow-windows.ts';
import { ForecastFeed, type ForecastFeedOptions } from './forecast-feed.ts';

/** @see FollowedLinks */
export interface FollowedLinksOptions extends Omit<ForecastFeedOptions, 'links'> {
  windows: FeatureWindows;
  clock: Clock;
  onDown: (error: unknown) => void;
}

/** Windows and forecasts of the links that are controlled, whichever these are at the time. */
export class FollowedLinks {
  readonly #options: FollowedLinksOptions;
  /** Links whose past the loop knows already. */
  readonly #isRecalled = new Set<string>();
  #feed: ForecastFeed | undefined;
  #stopping: AbortController | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: FollowedLinksOptions) {
    this.#options = options;
  }

  /** @see ForecastFeed.newest */
  newest(link: string): ReturnType<ForecastFeed['newest']> {
    return this.#feed?.newest(link);
  }

  /**
   * Follow these from now on.
   * @param links.forecast those of which forecasts are wanted too
   * @param loop is fed with what comes
   */
  follow(
    links: { all: readonly string[]; forecast: readonly string[] },
    loop: Pick<ControlLoop, 'recall' | 'lost' | 'take'>,
  ): void {
    this.#stopping?.abort();
    const stopping = new AbortController();
    this.#stopping = stopping;
    const { windows, onDown } = this.#options;
    const feed = new ForecastFeed({ ...this.#options, links: links.forecast });
    this.#feed = feed;
    const { signal } = stopping;
    const isRecalled = this.#isRecalled;
    const following = { windows, links: links.all, isRecalled, loop, signal, onDown };
    const before = this.#running;
    this.#running = Promise.all([before, feed.run(signal), followWindows(following)]);
  }

  async stop(): Promise<void> {
    this.#stopping?.abort();
    await this.#running;
  }
}
